import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Controller, Setting } from "#runtime/cgroups/controller";
import { cpu } from "#runtime/cgroups/cpu";
import type { Hierarchy, Usage } from "#runtime/cgroups/hierarchy";
import { memory } from "#runtime/cgroups/memory";
import { pids } from "#runtime/cgroups/pids";
import { parseCounters, readNumber } from "#runtime/cgroups/read";
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
  return {
    version: 2,
    hasDeviceFilter: false,
    directories: (path) => [join(root, path)],
    plan: (path, resources) => ({
      create: [...enableAlong(root, path), ...limit(path, resources)],
      join: [],
      cloneInto: join(root, path),
      kill: [
        optional(["write", join(root, path, "cgroup.kill"), "1"]),
        optional(["cgroup_kill", join(root, path)]),
      ],
      remove: [optional(["rmdir", join(root, path)])],
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

function writeSetting(directory: string, { file, value, isOptional }: Setting): Step {
  const write = ["write", join(directory, file), value] as const;
  return isOptional ? optional(write) : write;
}

async function usage(directory: string): Promise<Usage | undefined> {
  const memoryUsageBytes = await readNumber(join(directory, "memory.current"));
  if (memoryUsageBytes === undefined) return undefined;
  const cpuCounters = parseCounters(await readFile(join(directory, "cpu.stat"), "utf8"));
  const counters = parseCounters(await readFile(join(directory, "memory.stat"), "utf8"));
  return {
    cpuUsageNanos: (cpuCounters.get("usage_usec") ?? 0) * 1000,
    memoryUsageBytes,
    memoryWorkingSetBytes: Math.max(0, memoryUsageBytes - (counters.get("inactive_file") ?? 0)),
    memoryRssBytes: counters.get("anon") ?? 0,
    pids: (await readNumber(join(directory, "pids.current"))) ?? 0,
  };
}
