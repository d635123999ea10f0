import type { DeviceRule } from "#runtime/cgroups/controller";
import type { Step } from "#runtime/plan/operations";
import type { Resources } from "#runtime/runtime";

/** What one group needs: made and limited by the supervisor, joined by the child, removed after the end. */
export interface GroupPlan {
  readonly create: readonly Step[];
  readonly join: readonly Step[];
  /** cgroup v2: the directory a child is cloned into; empty on v1. */
  readonly cloneInto: string;
  /** Kills what is still in it: needed where its end does not end a pid namespace. */
  readonly kill: readonly Step[];
  readonly remove: readonly Step[];
  /** A file with a line "oom_kill N". */
  readonly oomPath: string;
  /** Steps that show the container its own groups below /sys/fs/cgroup, after the root was pivoted. */
  readonly show: readonly Step[];
}

export interface Usage {
  readonly cpuUsageNanos: number;
  readonly memoryUsageBytes: number;
  readonly memoryWorkingSetBytes: number;
  readonly memoryRssBytes: number;
  readonly pids: number;
}

/** The host's control groups, one implementation for each version. Paths are relative to the host's roots. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly hasDeviceFilter: boolean;
  /** Once, before the first group: throws with the remedy when this host's groups cannot limit. */
  prepare(): Promise<void>;
  /** A group of groups; its memory limit may end one of them and leaves the others. */
  planParent(path: string, resources: Resources): Pick<GroupPlan, "create" | "remove">;
  /** rules undefined: every device. */
  plan(path: string, resources: Resources, rules: readonly DeviceRule[] | undefined): GroupPlan;
  /** For a group that exists; `before` is what it has. */
  limit(path: string, resources: Resources, before: Resources): readonly Step[];
  usage(path: string): Promise<Usage | undefined>;
  /** Directories of a group on this host, for removing empty parents. */
  directories(path: string): readonly string[];
}
