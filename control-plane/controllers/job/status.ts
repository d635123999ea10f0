import { formatIndexes } from "#api/kinds/job-indexes";
import { jobKind } from "#api/kinds/job";
import { jobCondition } from "#api/kinds/job-status";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { Job, JobCondition, JobStatus } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { isIndexed } from "#control-plane/controllers/job/pods";
import type { Tally } from "#control-plane/controllers/job/tally";
import type { Verdict } from "#control-plane/controllers/job/verdict";
import { toTime } from "#kit/clock";

export interface NextStatus {
  readonly status: JobStatus;
  readonly events: readonly Action[];
}

/** `verdict`: how the Job ends; undefined while it goes on. */
export function nextStatus(
  job: Job,
  tally: Tally,
  verdict: Verdict | undefined,
  nowMs: number,
): NextStatus {
  const previous = job.status ?? {};
  const draft = new ConditionDraft(job, nowMs);
  const isResumed = !job.spec.suspend && jobCondition(job, "Suspended") !== undefined;
  if (!verdict) draft.suspension();
  const hasEnded = verdict !== undefined && isAtRest(tally);
  if (verdict) {
    const { isSuccess, reason, message } = verdict;
    draft.set(isSuccess ? "SuccessCriteriaMet" : "FailureTarget", "True", reason, message);
    if (hasEnded) draft.end(verdict);
  }
  const startTime =
    !job.spec.suspend && (isResumed || previous.startTime === undefined)
      ? toTime(nowMs)
      : previous.startTime;
  const status: JobStatus = {
    startTime,
    completionTime: hasEnded && verdict.isSuccess ? toTime(nowMs) : previous.completionTime,
    active: tally.active.length || undefined,
    ready: tally.ready,
    terminating: tally.terminating.length,
    succeeded: tally.counted.succeeded || undefined,
    failed: tally.counted.failed || undefined,
    completedIndexes: isIndexed(job)
      ? formatIndexes(tally.completedIndexes) || undefined
      : undefined,
    failedIndexes:
      job.spec.backoffLimitPerIndex === undefined ? undefined : formatIndexes(tally.failedIndexes),
    uncountedTerminatedPods: listsOf(tally),
    conditions: draft.conditions,
  };
  return { status: withoutAbsent(status), events: draft.events };
}

/** Nothing runs, and every pod that has ended is in the counters. */
function isAtRest({ active, terminating, uncounted, released }: Tally): boolean {
  const { succeeded, failed } = uncounted;
  return [active, terminating, succeeded, failed, released].every((list) => list.length === 0);
}

function listsOf({ uncounted }: Tally): JobStatus["uncountedTerminatedPods"] {
  const { succeeded, failed } = uncounted;
  return {
    ...(succeeded.length > 0 ? { succeeded: [...succeeded] } : {}),
    ...(failed.length > 0 ? { failed: [...failed] } : {}),
  };
}

function withoutAbsent(status: JobStatus): JobStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}

export function writeStatus(job: Job, { status, events }: NextStatus): Action[] {
  if (isSemanticallyEqual(status, job.status ?? {})) return [];
  const object: Job = { ...job, status };
  return [{ type: "updateStatus", kind: jobKind, object }, ...events];
}

/** The conditions as they become, and the events that tell of it. */
class ConditionDraft {
  readonly conditions: JobCondition[];
  readonly events: Action[] = [];
  private readonly job: Job;
  private readonly time: string;

  constructor(job: Job, nowMs: number) {
    this.job = job;
    this.conditions = [...(job.status?.conditions ?? [])];
    this.time = toTime(nowMs);
  }

  set(type: string, status: string, reason: string, message: string): void {
    const at = this.conditions.findIndex((one) => one.type === type);
    if (this.conditions[at]?.status === status) return;
    const times = { lastProbeTime: this.time, lastTransitionTime: this.time };
    const condition = { type, status, reason, message, ...times };
    if (at < 0) this.conditions.push(condition);
    else this.conditions[at] = condition;
  }

  suspension(): void {
    const isSuspended = jobCondition(this.job, "Suspended") !== undefined;
    if (this.job.spec.suspend && !isSuspended) {
      this.set("Suspended", "True", "JobSuspended", "Job suspended");
      this.say("Normal", "Suspended", "Job suspended");
    } else if (!this.job.spec.suspend && isSuspended) {
      this.set("Suspended", "False", "JobResumed", "Job resumed");
      this.say("Normal", "Resumed", "Job resumed");
    }
  }

  end({ isSuccess, reason, message }: Verdict): void {
    this.set(isSuccess ? "Complete" : "Failed", "True", reason, message);
    if (isSuccess) this.say("Normal", "Completed", "Job completed");
    else this.say("Warning", reason, message);
  }

  private say(type: "Normal" | "Warning", reason: string, message: string): void {
    this.events.push({ type: "event", event: { about: this.job, type, reason, message } });
  }
}
