import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestCluster } from "#test/support/cluster";
import { withSbin } from "#test/support/host-state";

/**
 * Everything on the host that names one cluster: its root directory or its instance. Other clusters of the same
 * host may come and go meanwhile. Empty after `kaji down`.
 */
export function tracesOf(cluster: TestCluster): string[] {
  const { rootDir, locations } = cluster;
  const { instance } = locations;
  const isOurs = (text: string): boolean => text.includes(rootDir) || text.includes(instance);
  const shown = (command: string, ...args: string[]): string[] =>
    execFileSync(command, args, { encoding: "utf8", env: withSbin() })
      .split("\n")
      .filter(isOurs)
      .map((line) => `${command} ${args.join(" ")}: ${line.trim()}`);
  return [
    ...shown("ip", "-o", "link"),
    ...shown("ip", "-o", "address"),
    ...shown("ip", "route", "show", "table", "all"),
    ...shown("ip", "rule"),
    ...shown("ip", "neighbour"),
    ...shown("nft", "list", "tables"),
    ...readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .filter(isOurs)
      .map((line) => `mount: ${line}`),
    ...["/run", "/run/netns", "/dev/shm", "/dev/mqueue"].flatMap((folder) =>
      existsSync(folder)
        ? readdirSync(folder)
            .filter(isOurs)
            .map((name) => join(folder, name))
        : [],
    ),
    ...groupsNamed(instance),
    ...processesOf(rootDir),
  ];
}

function groupsNamed(instance: string): string[] {
  const root = "/sys/fs/cgroup";
  const folders = [root, ...readdirSync(root).map((name) => join(root, name))];
  return folders.map((folder) => join(folder, instance)).filter((folder) => existsSync(folder));
}

/** By command line, environment, working directory or open files. */
function processesOf(rootDir: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(pid, "cmdline").replaceAll("\0", " ").trim();
      const places = [command, read(pid, "environ"), link(pid, "cwd"), link(pid, "root")];
      const files = list(pid, "fd").map((fd) => link(pid, `fd/${fd}`));
      const isOurs = [...places, ...files].some((text) => text.includes(rootDir));
      return isOurs ? [`process ${pid}: ${command}`] : [];
    });
}

function read(pid: string, file: string): string {
  return ifThere(() => readFileSync(`/proc/${pid}/${file}`, "utf8")) ?? "";
}

function link(pid: string, file: string): string {
  return ifThere(() => readlinkSync(`/proc/${pid}/${file}`)) ?? "";
}

function list(pid: string, folder: string): string[] {
  return ifThere(() => readdirSync(`/proc/${pid}/${folder}`)) ?? [];
}

/** Processes end while they are looked at; the kernel's own have nothing to read. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH", "EACCES", "EINVAL"].includes(code)) return undefined;
    throw error;
  }
}
