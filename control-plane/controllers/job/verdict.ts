import { parseIndexes } from "#api/kinds/job-indexes";
import { jobCondition } from "#api/kinds/job-status";
import type { Job, Pod } from "#api/schema/types";
import { isIndexed } from "#control-plane/controllers/job/pods";
import type { Tally } from "#control-plane/controllers/job/tally";

/** How a Job ends. It ends in two steps: the decision, and when its last pod is gone, the end itself. */
export interface Verdict {
  readonly isSuccess: boolean;
  readonly reason: string;
  readonly message: string;
}

/** The decision that was written down before: it is not taken back. */
export function standingVerdict(job: Job): Verdict | undefined {
  for (const type of ["FailureTarget", "SuccessCriteriaMet"]) {
    const { reason = "", message = "" } = jobCondition(job, type) ?? {};
    if (reason) return { isSuccess: type === "SuccessCriteriaMet", reason, message };
  }
  return undefined;
}

/** The order in which Kubernetes asks. */
export function decide(
  job: Job,
  pods: readonly Pod[],
  tally: Tally,
  deadlineMs: number | undefined,
  nowMs: number,
): Verdict | undefined {
  if (tally.failJobMessage) return failure("PodFailurePolicy", tally.failJobMessage);
  const limit = job.spec.backoffLimit ?? 6;
  if (tally.failed > limit || hasRestartedTooOften(job, pods, limit)) {
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  if (deadlineMs !== undefined && deadlineMs <= nowMs) {
    return failure("DeadlineExceeded", "Job was active longer than specified deadline");
  }
  return successByPolicy(job, tally) ?? failureByIndexes(job, tally) ?? successByCount(job, tally);
}

function failure(reason: string, message: string): Verdict {
  return { isSuccess: false, reason, message };
}

/** With restartPolicy OnFailure the containers fail within their pods. */
function hasRestartedTooOften(job: Job, pods: readonly Pod[], limit: number): boolean {
  if (job.spec.template.spec.restartPolicy !== "OnFailure") return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
    const { initContainerStatuses = [], containerStatuses = [] } = status;
    for (const { restartCount } of [...initContainerStatuses, ...containerStatuses]) {
      restarts += restartCount;
    }
  }
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function successByPolicy(job: Job, { completedIndexes }: Tally): Verdict | undefined {
  const { successPolicy, completions = 0 } = job.spec;
  for (const [at, rule] of (successPolicy?.rules ?? []).entries()) {
    const wanted =
      rule.succeededIndexes === undefined
        ? completedIndexes
        : parseIndexes(rule.succeededIndexes, completions);
    const met = [...wanted].filter((index) => completedIndexes.has(index)).length;
    if (met >= (rule.succeededCount ?? wanted.size)) {
      return { isSuccess: true, reason: "SuccessPolicy", message: `Matched rules at index ${at}` };
    }
  }
  return undefined;
}

function failureByIndexes(job: Job, tally: Tally): Verdict | undefined {
  const { backoffLimitPerIndex, maxFailedIndexes, completions = 0 } = job.spec;
  if (!isIndexed(job) || backoffLimitPerIndex === undefined) return undefined;
  const failed = tally.failedIndexes.size;
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    const message = "Job has exceeded the specified maximal number of failed indexes";
    return failure("MaxFailedIndexesExceeded", message);
  }
  const areAllDone = failed + tally.completedIndexes.size >= completions;
  return failed > 0 && areAllDone ? failure("FailedIndexes", "Job has failed indexes") : undefined;
}

/** Without completions one success is enough, and the others are let finish. */
function successByCount({ spec }: Job, { succeeded, active }: Tally): Verdict | undefined {
  const isEnough = spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions;
  if (!isEnough || active.length > 0) return undefined;
  return {
    isSuccess: true,
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
  };
}
