import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import type { DeviceRule } from "#runtime/cgroups/controller";
import { defaultDevices } from "#runtime/cgroups/devices";
import type { GroupPlan, Hierarchy } from "#runtime/cgroups/hierarchy";
import type { Launcher } from "#runtime/embedded/launcher";
import type { ContainerRecord, Records, SandboxRecord } from "#runtime/embedded/records";
import { optional, type Step } from "#runtime/plan/operations";
import { planSandbox, type SandboxPlan } from "#runtime/plan/sandbox";
import type { SeccompFilters } from "#runtime/seccomp/filters";
import {
  type ContainerConfig,
  type ImageService,
  RuntimeError,
  type SandboxConfig,
  type Snapshots,
} from "#runtime/runtime";

/** What the parts of the embedded runtime share; made once by createEmbeddedRuntime. */
export interface Host {
  readonly locations: Locations;
  readonly images: ImageService & Snapshots;
  readonly log: Log;
  readonly clock: Clock;
  readonly launcher: Launcher;
  readonly hierarchy: Hierarchy;
  readonly filters: SeccompFilters;
  readonly records: Records;
}

export function containerDirectory(host: Host, containerId: string): string {
  return join(host.locations.lib, "containers", containerId);
}

/** An empty directory that every container's root is mounted on, each in its own mount namespace. */
export function mountPoint(host: Host): string {
  return join(host.locations.run, "rootfs");
}

export function sandboxPlanOf(host: Host, record: SandboxRecord): SandboxPlan {
  const shm = join(host.records.directoryOf(record.id), "shm");
  return planSandbox(record.config, { shm }, sandboxGroup(host, record.config));
}

function sandboxGroup(host: Host, config: SandboxConfig): ReturnType<Hierarchy["planParent"]> {
  return host.hierarchy.planParent(sandboxGroupPath(host, config), config.resources);
}

export function sandboxGroupPath(host: Host, config: SandboxConfig): string {
  const parts = config.cgroupParent.split("/").filter((part) => part !== "");
  if (parts.length === 0 || parts.some((part) => part === "." || part === "..")) {
    throw new RuntimeError(
      "InvalidArgument",
      `cgroup parent "${config.cgroupParent}" is not a path`,
    );
  }
  return join(host.locations.instance, ...parts);
}

export function containerGroupPath(host: Host, config: SandboxConfig, containerId: string): string {
  return join(sandboxGroupPath(host, config), containerId);
}

export function containerGroup(
  host: Host,
  sandbox: SandboxConfig,
  { id, config }: Pick<ContainerRecord, "id" | "config">,
): GroupPlan {
  const rules = config.security.isPrivileged ? undefined : deviceRules(config);
  return host.hierarchy.plan(containerGroupPath(host, sandbox, id), config.resources, rules);
}

function deviceRules(config: ContainerConfig): readonly DeviceRule[] {
  return [
    ...defaultDevices,
    ...config.devices.map(({ hostPath, permissions }) => {
      const found = statSync(hostPath, { throwIfNoEntry: false });
      if (found === undefined) {
        throw new RuntimeError("CreateContainerError", `device "${hostPath}" does not exist`);
      }
      const [major, minor] = deviceNumbers(found.rdev);
      const kind = found.isBlockDevice() ? "b" : "c";
      return { device: `${kind} ${major}:${minor}`, access: permissions || "rwm" };
    }),
  ];
}

/** The packing of dev_t in the C library. */
function deviceNumbers(rdev: number): [number, number] {
  const low = rdev % 2 ** 32;
  return [(low >>> 8) & 0xfff, (low & 0xff) | ((low >>> 12) & 0xfff00)];
}

const OPEN_TO_ALL = 0o006;

/**
 * A privileged container sees the host's devices, as with Docker and containerd; one with users of its own those that
 * any user of the host may open.
 */
export function hostDeviceSteps(hasOwnUsers: boolean): readonly Step[] {
  return readdirSync("/dev").flatMap((name): Step[] => {
    const path = join("/dev", name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || (!found.isCharacterDevice() && !found.isBlockDevice())) return [];
    if (hasOwnUsers && (found.mode & OPEN_TO_ALL) !== OPEN_TO_ALL) return [];
    const [major, minor] = deviceNumbers(found.rdev);
    return [optional(["mknod", path, found.mode, major, minor])];
  });
}
