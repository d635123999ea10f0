import { type CpuInfo, cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** The part of all processors' time that nobody used during the wait, 0 to 1. */
export async function idleShareDuring(waitMs: number): Promise<number> {
  const before = cpus();
  await wait(waitMs);
  return idleShareBetween(before, cpus());
}

type Times = Pick<CpuInfo, "times">;

/** Pure. A processor that came or went in between is not counted. */
export function idleShareBetween(before: readonly Times[], after: readonly Times[]): number {
  let idle = 0;
  let total = 0;
  for (const [index, { times }] of after.entries()) {
    const earlier = before[index]?.times;
    if (!earlier) continue;
    idle += times.idle - earlier.idle;
    total += sumOf(times) - sumOf(earlier);
  }
  return total > 0 ? idle / total : 0;
}

function sumOf({ user, nice, sys, idle, irq }: CpuInfo["times"]): number {
  return user + nice + sys + idle + irq;
}
