import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCluster } from "#test/support/cluster";

/**
 * What a cluster could leave on a host. Two states of a host that was given back are equal. With a cluster, mounts and
 * control groups are only those that do not name another one: these exist once, however many networks a host has.
 */
export interface HostState {
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly nftTables: readonly string[];
  readonly networkNamespaces: readonly string[];
  readonly cgroups: readonly string[];
  readonly processes: readonly string[];
}

/** Processes are those whose command line names Kaji or nginx: others come and go by themselves. */
const OURS = /kaji|nginx/;
const NOT_OURS = /vitest|tsx|npm |esbuild|oxlint|tsc |qemu/;

export function readHostState(cluster?: TestCluster): HostState {
  return {
    mounts: readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .filter((line) => line !== "" && isOf(cluster, line))
      .sort(),
    interfaces: execFileSync("ip", ["-o", "link"], { encoding: "utf8" })
      .split("\n")
      .flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? [])
      .sort(),
    nftTables: execFileSync("nft", ["list", "tables"], { encoding: "utf8", env: withSbin() })
      .split("\n")
      .filter(Boolean)
      .sort(),
    networkNamespaces: existsSync("/run/netns") ? readdirSync("/run/netns").sort() : [],
    cgroups: kajiCgroups().filter((group) => isOf(cluster, group)),
    processes: kajiProcesses(),
  };
}

/** Roots of test clusters and instances both have names of a known form. */
function isOf(cluster: TestCluster | undefined, text: string): boolean {
  if (!cluster || text.includes(cluster.rootDir) || text.includes(cluster.locations.instance)) {
    return true;
  }
  return !/\/tmp\/|\/kj[0-9a-f]{6}/.test(text);
}

export function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
}

function kajiCgroups(): string[] {
  const found: string[] = [];
  for (const controller of readdirSync("/sys/fs/cgroup")) {
    const folder = join("/sys/fs/cgroup", controller);
    try {
      found.push(
        ...readdirSync(folder)
          .filter((name) => /^(?:kaji|kj[0-9a-f]{6})/.test(name))
          .map((name) => join(folder, name)),
      );
    } catch (error) {
      // A file, not a hierarchy.
      if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
    }
  }
  return found.sort();
}

function kajiProcesses(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      if (OURS.test(command) && !NOT_OURS.test(command)) found.push(command);
    } catch (error) {
      // It ended while we looked.
      if (!["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return found.sort();
}
