import { join } from "node:path";
import type { Controller, DeviceRule, Setting } from "#runtime/cgroups/controller";
import { cpu } from "#runtime/cgroups/cpu";
import { devices } from "#runtime/cgroups/devices";
import type { GroupPlan, Hierarchy, Usage } from "#runtime/cgroups/hierarchy";
import { memory } from "#runtime/cgroups/memory";
import { pids } from "#runtime/cgroups/pids";
import { readCounters, readNumber } from "#runtime/cgroups/read";
import {
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REMOUNT,
} from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import type { Resources } from "#runtime/runtime";

const controllers: readonly Controller[] = [cpu, memory, pids, devices];

/** Where each controller is mounted; several may share a mount ("cpu,cpuacct"). */
export type V1Mounts = ReadonlyMap<
  string,
  { readonly directory: string; readonly options: string }
>;

/**
 * cgroup v1, also on a hybrid host. A process joins by writing 0 into its own `tasks`: moving another one
 * through cgroup.procs waits for an RCU grace period.
 */
export function v1Hierarchy(mounts: V1Mounts): Hierarchy {
  const present = controllers.flatMap((controller) =>
    controller.v1Names.flatMap((name) => {
      const mount = mounts.get(name);
      return mount === undefined ? [] : [{ controller, name, ...mount }];
    }),
  );
  const directories = (path: string): readonly string[] => [
    ...new Set(present.map(({ directory }) => join(directory, path))),
  ];
  const settings = (
    path: string,
    resources: Resources,
    rules: readonly DeviceRule[] | undefined,
  ): readonly Step[] =>
    present
      .filter(({ controller, name }) => controller.v1Names[0] === name)
      .flatMap(({ controller, directory }) =>
        controller
          .v1(resources, rules)
          .map((setting) => writeSetting(join(directory, path), setting)),
      );

  const create = (...group: Parameters<typeof settings>): readonly Step[] => [
    ...directories(group[0]).map((directory): Step => ["mkdirs", directory, 0o755]),
    ...settings(...group),
  ];
  const remove = (path: string): readonly Step[] =>
    directories(path).map((directory) => optional(["rmdir", directory]));

  return {
    version: 1,
    hasDeviceFilter: mounts.has("devices"),
    directories,
    prepare: async () => undefined,
    planParent: (path, resources) => ({
      create: create(path, resources, undefined),
      remove: remove(path),
    }),
    plan: (path, resources, rules): GroupPlan => ({
      create: create(path, resources, rules),
      join: directories(path).map((directory): Step => ["write", join(directory, "tasks"), "0"]),
      cloneInto: "",
      kill: directories(path)
        .slice(0, 1)
        .map((directory) => optional(["cgroup_kill", directory])),
      remove: remove(path),
      oomPath: join(mounts.get("memory")?.directory ?? "", path, "memory.oom_control"),
      show: show(present),
    }),
    limit: (path, resources, before) => {
      const steps = settings(path, resources, undefined);
      return raisesMemory(resources, before) ? steps.toReversed() : steps;
    },
    usage: (path) => usage(mounts, path),
  };
}

/** The limit of memory and swap may never be below that of memory: it has to be raised first. */
function raisesMemory(resources: Resources, before: Resources): boolean {
  const { memoryLimitBytes } = resources;
  if (memoryLimitBytes === undefined || before.memoryLimitBytes === undefined) return false;
  return memoryLimitBytes > before.memoryLimitBytes;
}

function writeSetting(directory: string, { file, value, isOptional }: Setting): Step {
  const write = ["write", join(directory, file), value] as const;
  return isOptional ? optional(write) : write;
}

const READ_ONLY = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
const ROOT = "/sys/fs/cgroup";

function show(present: readonly { readonly name: string; readonly options: string }[]): Step[] {
  const shown = present.filter(({ name }) => name !== "devices");
  const first = new Map(shown.map(({ name, options }) => [options, name]));
  return [
    optional(["mount", "tmpfs", ROOT, "tmpfs", READ_ONLY & ~MS_RDONLY, "mode=755,size=64k"]),
    ...[...first.keys()].flatMap((options): Step[] => [
      optional(["mkdir", join(ROOT, options), 0o755]),
      optional(["mount", "cgroup", join(ROOT, options), "cgroup", READ_ONLY, options]),
    ]),
    ...shown
      .filter(({ name, options }) => name !== options)
      .map(({ name, options }) => optional(["symlink", options, join(ROOT, name)])),
    optional(["mount", "none", ROOT, "", READ_ONLY | MS_REMOUNT | MS_BIND, ""]),
  ];
}

async function usage(mounts: V1Mounts, path: string): Promise<Usage | undefined> {
  const at = (controller: string, file: string): string =>
    join(mounts.get(controller)?.directory ?? "", path, file);
  const cpuUsageNanos = await readNumber(at("cpuacct", "cpuacct.usage"));
  const memoryUsageBytes = await readNumber(at("memory", "memory.usage_in_bytes"));
  if (cpuUsageNanos === undefined || memoryUsageBytes === undefined) return undefined;
  const counters = await readCounters(at("memory", "memory.stat"));
  if (counters === undefined) return undefined;
  const inactive = counters.get("total_inactive_file") ?? 0;
  return {
    cpuUsageNanos,
    memoryUsageBytes,
    memoryWorkingSetBytes: Math.max(0, memoryUsageBytes - inactive),
    memoryRssBytes: counters.get("total_rss") ?? 0,
    pids: (await readNumber(at("pids", "pids.current"))) ?? 0,
  };
}
