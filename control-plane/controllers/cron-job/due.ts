import type { Schedule } from "#api/kinds/cron-schedule";
import type { CronJob } from "#api/schema/types";

/** Which of a CronJob's scheduled times is to be run now. */
export interface Due {
  /** The latest time that has come and was not run; undefined: none. */
  readonly dueMs: number | undefined;
  /** How many have come since it last ran, counted up to MAX_MISSED + 1. */
  readonly missed: number;
}

/** More missed times than this are worth a warning. Source: Kubernetes, "CronJob limitations". */
export const MAX_MISSED = 100;
/** Looking back for the latest time begins with a minute; ten doublings of a day reach beyond two years. */
const SPANS_MS = [
  60_000,
  3_600_000,
  ...Array.from({ length: 11 }, (_, at) => 86_400_000 * 2 ** at),
];

export function findDue(cronJob: CronJob, schedule: Schedule, nowMs: number): Due {
  const fromMs = earliestMs(cronJob, nowMs);
  let dueMs: number | undefined;
  let missed = 0;
  for (let at = schedule.nextMs(fromMs); isPast(at, nowMs); at = schedule.nextMs(at)) {
    dueMs = at;
    if (++missed > MAX_MISSED) return { dueMs: latestMs(schedule, fromMs, nowMs) ?? at, missed };
  }
  return { dueMs, missed };
}

function isPast(timeMs: number | undefined, nowMs: number): timeMs is number {
  return timeMs !== undefined && timeMs <= nowMs;
}

/** What lies further back than the starting deadline is not looked at. */
function earliestMs({ metadata, spec, status }: CronJob, nowMs: number): number {
  const lastMs = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "") || nowMs;
  if (spec.startingDeadlineSeconds === undefined) return lastMs;
  return Math.max(lastMs, nowMs - spec.startingDeadlineSeconds * 1000);
}

function latestMs(schedule: Schedule, fromMs: number, nowMs: number): number | undefined {
  for (const spanMs of SPANS_MS) {
    let latest: number | undefined;
    const startMs = Math.max(fromMs, nowMs - spanMs);
    for (let at = schedule.nextMs(startMs); isPast(at, nowMs); at = schedule.nextMs(at))
      latest = at;
    if (latest !== undefined || startMs === fromMs) return latest;
  }
  return undefined;
}
