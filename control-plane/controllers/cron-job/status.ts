import { cronJobKind } from "#api/kinds/cron-job";
import { finishedCondition } from "#api/kinds/job-status";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { CronJob, CronJobStatus, Job, ObjectReference } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { isManual, scheduledMs } from "#control-plane/controllers/cron-job/job-of";
import { toTime } from "#kit/clock";

/** Jobs of the schedule that are at work. */
export function activeJobs(jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => !finishedCondition(job) && !isManual(job));
}

/**
 * Read from the Jobs alone, so that a crash between making a Job and writing it down loses nothing. Only what
 * the Jobs of the past said (they may be deleted by now) is kept from the status before.
 */
export function observedStatus({ status = {} }: CronJob, jobs: readonly Job[]): CronJobStatus {
  const succeeded = jobs
    .filter((job) => finishedCondition(job)?.type === "Complete")
    .map(({ status: ended }) => ended?.completionTime);
  const lastScheduleTime = latest([
    status.lastScheduleTime,
    ...jobs.map(scheduledMs).flatMap((ms) => (Number.isNaN(ms) ? [] : [toTime(ms)])),
  ]);
  const lastSuccessfulTime = latest([status.lastSuccessfulTime, ...succeeded]);
  return {
    ...(lastScheduleTime ? { lastScheduleTime } : {}),
    ...(lastSuccessfulTime ? { lastSuccessfulTime } : {}),
    active: activeJobs(jobs).map(referenceTo),
  };
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .reduce<string | undefined>(
      (best, time) => (best === undefined || Date.parse(time) > Date.parse(best) ? time : best),
      undefined,
    );
}

function referenceTo({ apiVersion, kind, metadata }: Job): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

export function writeStatus(cronJob: CronJob, status: CronJobStatus): Action[] {
  if (isSemanticallyEqual(comparable(status), comparable(cronJob.status ?? {}))) return [];
  const object: CronJob = { ...cronJob, status };
  return [{ type: "updateStatus", kind: cronJobKind, object }];
}

/** A Job's revisions come and go; that they do is no change of the CronJob's. */
function comparable({ active = [], ...rest }: CronJobStatus) {
  return { ...rest, active: active.map(({ uid }) => uid).sort() };
}

/** What `kubectl describe` tells of Jobs that left the list since it was written. */
export function departures(cronJob: CronJob, jobs: readonly Job[]): Action[] {
  const byUid = new Map(jobs.map((job) => [job.metadata.uid, job]));
  return (cronJob.status?.active ?? []).flatMap(({ uid, name }): Action[] => {
    const job = byUid.get(uid);
    const end = job && finishedCondition(job)?.type;
    if (job && !end) return [];
    const [reason, message] = end
      ? ["SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`]
      : ["MissingJob", `Active job went missing: ${name}`];
    return [{ type: "event", event: { about: cronJob, type: "Normal", reason, message } }];
  });
}
