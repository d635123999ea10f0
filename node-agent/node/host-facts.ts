import { existsSync, readdirSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { arch, cpus, hostname, networkInterfaces, release, totalmem } from "node:os";

/** What the agent knows of the machine it runs on; read once at the start, disks at every look. */
export interface HostFacts {
  readonly hostname: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly architecture: string;
  readonly machineId: string;
  readonly systemUuid: string;
  readonly bootId: string;
  /** Of the interface that leads outside, or as told; 127.0.0.1 where none does. */
  readonly ip: string;
  readonly hugePages: readonly { readonly sizeBytes: number; readonly count: number }[];
}

export function readHostFacts(): HostFacts {
  const limit = memoryLimitBytes();
  return {
    hostname: hostname(),
    cpuMillis: cpus().length * 1000,
    memoryBytes: Math.min(totalmem(), limit),
    kernelVersion: release(),
    osImage: osImage(),
    architecture: { x64: "amd64", arm64: "arm64" }[arch() as "x64" | "arm64"] ?? arch(),
    machineId: readLine("/etc/machine-id"),
    systemUuid: readLine("/sys/class/dmi/id/product_uuid") || readLine("/etc/machine-id"),
    bootId: readLine("/proc/sys/kernel/random/boot_id"),
    ip: mainAddress(),
    hugePages: hugePages(),
  };
}

function readLine(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Not every machine has it, and its absence is the answer.
    return "";
  }
}

/** A machine that is itself a container may have less memory than its host. */
function memoryLimitBytes(): number {
  const text =
    readLine("/sys/fs/cgroup/memory.max") ||
    readLine("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  const limit = Number(text);
  return text !== "" && Number.isFinite(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

const hugePageRoot = "/sys/kernel/mm/hugepages";

function hugePages(): HostFacts["hugePages"] {
  if (!existsSync(hugePageRoot)) return [];
  return readdirSync(hugePageRoot).flatMap((name) => {
    const kibibytes = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]);
    if (!Number.isFinite(kibibytes)) return [];
    const count = Number(readLine(`${hugePageRoot}/${name}/nr_hugepages`)) || 0;
    return [{ sizeBytes: kibibytes * 1024, count }];
  });
}

function osImage(): string {
  const line = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readLine("/etc/os-release"));
  return line?.[1] ?? "Linux";
}

function mainAddress(): string {
  const route = readLine("/proc/net/route")
    .split("\n")
    .map((line) => line.split("\t"))
    .find((fields) => fields[1] === "00000000");
  const interfaces = networkInterfaces();
  const addresses = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? []).map((each) => ({ name, ...each })),
  );
  const usable = addresses.filter((each) => each.family === "IPv4" && !each.internal);
  const chosen = usable.find((each) => each.name === route?.[0]) ?? usable[0];
  return chosen?.address ?? "127.0.0.1";
}

export interface DiskUse {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export async function diskUse(path: string): Promise<DiskUse> {
  const { blocks, bavail, bsize } = await statfs(path);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** MemAvailable, or what is left below the limit of this machine's own group; undefined where neither is known. */
export function availableMemoryBytes(): number | undefined {
  const match = /^MemAvailable:\s+(\d+) kB$/m.exec(readLine("/proc/meminfo"));
  const free = match ? Number(match[1]) * 1024 : undefined;
  const limit = memoryLimitBytes();
  if (!(limit < totalmem())) return free;
  return Math.min(free ?? limit, Math.max(0, limit - workingSetBytes()));
}

/** What the machine's own group uses and cannot give back at once. */
function workingSetBytes(): number {
  const roots = ["/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"];
  const used = Number(roots.map(readLine).find((text) => text !== "") ?? 0);
  const stat =
    readLine("/sys/fs/cgroup/memory.stat") || readLine("/sys/fs/cgroup/memory/memory.stat");
  const inactive = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
  return Math.max(0, used - inactive);
}

/** What the kernel can number at all. */
const maxPids = 4_194_304;

/** Processes on the host, and how many there may be. */
export function processUse(): { count: number; limit: number } {
  const count = Number(/\d+\/(\d+)/.exec(readLine("/proc/loadavg"))?.[1] ?? 0);
  const limits = ["/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max"].map(
    (path) => Number(readLine(path)) || Number.POSITIVE_INFINITY,
  );
  return { count, limit: Math.min(maxPids, ...limits) };
}
