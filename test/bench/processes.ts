import { readFileSync } from "node:fs";

/** What processes of this host have used, from /proc. */
const TICKS_PER_SECOND = 100;

/** Processor time that processes have had since they began, in ms. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuTicks(pid), 0) * (1000 / TICKS_PER_SECOND);
}

function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [, ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Of the process, from /proc/PID/smaps_rollup. */
export function memoryKib(pid: number, field: "Rss" | "Pss"): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN);
}

/** All processes below, without it. */
export function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children
    .split(" ")
    .filter(Boolean)
    .map(Number)
    .flatMap((child) => [child, ...descendants(child)]);
}

/** Processor time of all children that this process has had and waited for, in ms. */
export function endedChildrenCpuMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const [, ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * (1000 / TICKS_PER_SECOND);
}
