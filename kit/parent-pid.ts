import { readIfThere } from "#kit/read-if-there";

/** 0: there is no such process (any more). */
export function parentPid(pid: number | string): number {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name before it is in brackets and may have any sign in it.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}
