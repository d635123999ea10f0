import { isTimeZone, parseSchedule, type Schedule } from "#api/kinds/cron-schedule";
import { cronJobKind } from "#api/kinds/cron-job";
import { jobKind } from "#api/kinds/job";
import { finishedCondition } from "#api/kinds/job-status";
import type { CronJob, Job } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { findDue, MAX_MISSED } from "#control-plane/controllers/cron-job/due";
import { jobOf } from "#control-plane/controllers/cron-job/job-of";
import {
  activeJobs,
  departures,
  observedStatus,
  writeStatus,
} from "#control-plane/controllers/cron-job/status";
import { toTime } from "#kit/clock";

export interface CronJobInput {
  readonly cronJob: CronJob;
  /** Jobs that it owns. */
  readonly jobs: readonly Job[];
}

/** The last scheduled time that was passed over, so that each is told of once. */
const SKIPPED = "kaji.dev/skipped-schedule";
const MAX_REQUEUE_MS = 24 * 3_600_000;

export function planCronJob({ cronJob, jobs }: CronJobInput, nowMs: number): readonly Action[] {
  const status = observedStatus(cronJob, jobs);
  const known: CronJob = { ...cronJob, status };
  const write = writeStatus(cronJob, status);
  const told = write.length > 0 ? departures(cronJob, jobs) : [];
  const upkeep = [...write, ...told, ...planHistory(cronJob, jobs)];
  const { spec, metadata } = cronJob;
  const isHeld = metadata.deletionTimestamp !== undefined || spec.suspend === true;
  if (isHeld || (spec.timeZone !== undefined && !isTimeZone(spec.timeZone))) return upkeep;
  const schedule = parseSchedule(spec.schedule, spec.timeZone);
  // The next look runs what is due: it sees the status that this one writes.
  if (write.length > 0) return [...upkeep, { type: "requeue", afterMs: 1 }];
  return [...upkeep, ...planRun(known, jobs, schedule, nowMs), ...wakeUp(schedule, nowMs)];
}

function planRun(
  cronJob: CronJob,
  jobs: readonly Job[],
  schedule: Schedule,
  nowMs: number,
): Action[] {
  const { dueMs, missed } = findDue(cronJob, schedule, nowMs);
  if (dueMs === undefined) return [];
  const { concurrencyPolicy } = cronJob.spec;
  const active = activeJobs(jobs);
  if (concurrencyPolicy === "Forbid" && active.length > 0) return passOver(cronJob, dueMs);
  const replaced = concurrencyPolicy === "Replace" ? active : [];
  return [
    ...(missed > MAX_MISSED ? [tooManyMissed(cronJob)] : []),
    ...replaced
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map((job) => remove(cronJob, job)),
    ...start(cronJob, dueMs),
  ];
}

/** Written down at once; the next look adds the Job to the active ones. */
function start(cronJob: CronJob, dueMs: number): Action[] {
  const status = { ...cronJob.status, lastScheduleTime: toTime(dueMs) };
  return [
    {
      type: "create",
      kind: jobKind,
      object: jobOf(cronJob, dueMs),
      event: {
        about: cronJob,
        type: "Normal",
        reason: "SuccessfulCreate",
        message: "Created job %NAME%",
        failure: { reason: "FailedCreate", message: "Error creating job: %ERROR%" },
      },
    },
    { type: "updateStatus", kind: cronJobKind, object: { ...cronJob, status } as CronJob },
  ];
}

/** Said once per scheduled time; the Job may still run late, when the one before has ended. */
function passOver(cronJob: CronJob, dueMs: number): Action[] {
  const time = toTime(dueMs);
  if (cronJob.metadata.annotations?.[SKIPPED] === time) return [];
  const message =
    "Not starting job because prior execution is running and concurrency policy is Forbid";
  const body = { metadata: { annotations: { [SKIPPED]: time } } };
  return [
    { type: "patch", kind: cronJobKind, target: targetOf(cronJob), body },
    {
      type: "event",
      event: { about: cronJob, type: "Normal", reason: "JobAlreadyActive", message },
    },
  ];
}

function tooManyMissed(about: CronJob): Action {
  const message =
    "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
  return {
    type: "event",
    event: { about, type: "Warning", reason: "TooManyMissedTimes", message },
  };
}

/** Keeps as many ended Jobs of either kind as asked for, the youngest. */
function planHistory(cronJob: CronJob, jobs: readonly Job[]): Action[] {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
  if (cronJob.metadata.deletionTimestamp) return [];
  return [
    ...tooOld(jobs, "Complete", successfulJobsHistoryLimit),
    ...tooOld(jobs, "Failed", failedJobsHistoryLimit),
  ].map((job) => remove(cronJob, job));
}

function tooOld(jobs: readonly Job[], type: string, limit: number | undefined): Job[] {
  if (limit === undefined) return [];
  const ended = jobs.filter(
    (job) => finishedCondition(job)?.type === type && !job.metadata.deletionTimestamp,
  );
  const startOf = ({ metadata, status }: Job): number =>
    Date.parse(status?.startTime ?? metadata.creationTimestamp ?? "") || 0;
  return ended
    .sort((a, b) => startOf(b) - startOf(a) || (a.metadata.name < b.metadata.name ? 1 : -1))
    .slice(limit);
}

function remove(cronJob: CronJob, job: Job): Action {
  return {
    type: "delete",
    kind: jobKind,
    target: targetOf(job),
    propagationPolicy: "Background",
    event: {
      about: cronJob,
      type: "Normal",
      reason: "SuccessfulDelete",
      message: "Deleted job %NAME%",
    },
  };
}

function wakeUp(schedule: Schedule, nowMs: number): Action[] {
  const nextMs = schedule.nextMs(nowMs);
  if (nextMs === undefined) return [];
  return [{ type: "requeue", afterMs: Math.min(MAX_REQUEUE_MS, Math.max(1, nextMs - nowMs)) }];
}
