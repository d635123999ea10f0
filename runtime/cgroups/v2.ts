import { join } from "node:path";
import type { Controller, DeviceRule, Setting } from "#runtime/cgroups/controller";
import { cpu } from "#runtime/cgroups/cpu";
import { prepareTop } from "#runtime/cgroups/delegation";
import { deviceProgram } from "#runtime/cgroups/device-program";
import type { Hierarchy, Usage } from "#runtime/cgroups/hierarchy";
import { memory } from "#runtime/cgroups/memory";
import { pids } from "#runtime/cgroups/pids";
import { readCounters, readNumber } from "#runtime/cgroups/read";
import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY } from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import type { Resources } from "#runtime/runtime";

const controllers: readonly Controller[] = [cpu, memory, pids];
const READ_ONLY = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;

/** The unified hierarchy below `root`. Children are cloned into their group; groups with children hold no process. */
export function v2Hierarchy(root: string): Hierarchy {
  const limit = (path: string, resources: Resources): readonly Step[] =>
    controllers.flatMap((controller) =>
      controller.v2(resources).map((setting) => writeSetting(join(root, path), setting)),
    );
  const create = (path: string, resources: Resources): readonly Step[] => [
    ...enableAlong(root, path),
    ...limit(path, resources),
  ];
  const remove = (path: string): readonly Step[] => [optional(["rmdir", join(root, path)])];

  return {
    version: 2,
    hasDeviceFilter: true,
    directories: (path) => [join(root, path)],
    prepare: () =>
      prepareTop(
        root,
        controllers.map(({ name }) => name),
      ),
    planParent: (path, resources) => ({
      create: create(path, resources),
      remove: remove(path),
    }),
    plan: (path, resources, rules) => ({
      create: [
        ...create(path, resources),
        endTogether(join(root, path)),
        ...(rules === undefined ? [] : [filterDevices(join(root, path), rules)]),
      ],
      join: [],
      cloneInto: join(root, path),
      kill: [
        optional(["write", join(root, path, "cgroup.kill"), "1"]),
        optional(["cgroup_kill", join(root, path)]),
      ],
      remove: remove(path),
      oomPath: join(root, path, "memory.events"),
      show: [optional(["mount", "cgroup2", "/sys/fs/cgroup", "cgroup2", READ_ONLY, "nsdelegate"])],
    }),
    limit,
    usage: (path) => usage(join(root, path)),
  };
}

/** Makes each directory on the way and hands the controllers down to it. */
function enableAlong(root: string, path: string): readonly Step[] {
  const steps: Step[] = [];
  let at = root;
  for (const part of path.split("/").filter((name) => name !== "")) {
    for (const { name } of controllers) {
      steps.push(optional(["write", join(at, "cgroup.subtree_control"), `+${name}`]));
    }
    at = join(at, part);
    steps.push(["mkdir", at, 0o755]);
  }
  return steps;
}

/** Out of memory, all of its processes are killed: a container that lost one is seldom of use. */
function endTogether(directory: string): Step {
  return optional(["write", join(directory, "memory.oom.group"), "1"]);
}

function filterDevices(directory: string, rules: readonly DeviceRule[]): Step {
  return ["device_filter", directory, deviceProgram(rules)];
}

function writeSetting(directory: string, { file, value, isOptional }: Setting): Step {
  const write = ["write", join(directory, file), value] as const;
  return isOptional ? optional(write) : write;
}

async function usage(directory: string): Promise<Usage | undefined> {
  const memoryUsageBytes = await readNumber(join(directory, "memory.current"));
  if (memoryUsageBytes === undefined) return undefined;
  const cpuCounters = await readCounters(join(directory, "cpu.stat"));
  const counters = await readCounters(join(directory, "memory.stat"));
  if (cpuCounters === undefined || counters === undefined) return undefined;
  return {
    cpuUsageNanos: (cpuCounters.get("usage_usec") ?? 0) * 1000,
    memoryUsageBytes,
    memoryWorkingSetBytes: Math.max(0, memoryUsageBytes - (counters.get("inactive_file") ?? 0)),
    memoryRssBytes: counters.get("anon") ?? 0,
    pids: (await readNumber(join(directory, "pids.current"))) ?? 0,
  };
}
