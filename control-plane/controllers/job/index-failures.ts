import { parseIndexes } from "#api/kinds/job-indexes";
import type { Job, Pod } from "#api/schema/types";
import { matchFailurePolicy } from "#control-plane/controllers/job/failure-policy";
import {
  countOf,
  endMs,
  INDEX_FAILURES,
  INDEX_IGNORED_FAILURES,
  indexOf,
  isFailed,
} from "#control-plane/controllers/job/pods";

/** Failures of each index of a Job with backoffLimitPerIndex; a pod carries how often its index failed before it. */
export function lastFailures(job: Job, pods: readonly Pod[]): Map<number, Pod> {
  const last = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(job, pod);
    if (index === undefined || !isFailed(job, pod)) continue;
    const known = last.get(index);
    if (!known || isLater(pod, known)) last.set(index, pod);
  }
  return last;
}

function isLater(pod: Pod, other: Pod): boolean {
  const difference = earlierFailures(pod) - earlierFailures(other);
  return difference === 0 ? endMs(pod) > endMs(other) : difference > 0;
}

function earlierFailures(pod: Pod): number {
  return countOf(pod, INDEX_FAILURES) + countOf(pod, INDEX_IGNORED_FAILURES);
}

/** All failures of the index, with this pod's own. */
export function failuresUpTo(pod: Pod): number {
  return earlierFailures(pod) + 1;
}

/** What the next pod of an index carries. */
export function failureCounts(job: Job, last: Pod | undefined): Record<string, string> {
  if (job.spec.backoffLimitPerIndex === undefined) return {};
  if (!last) return { [INDEX_FAILURES]: "0" };
  const isIgnored = matchFailurePolicy(job, last).action === "Ignore";
  const ignored = countOf(last, INDEX_IGNORED_FAILURES) + (isIgnored ? 1 : 0);
  return {
    [INDEX_FAILURES]: String(countOf(last, INDEX_FAILURES) + (isIgnored ? 0 : 1)),
    ...(ignored > 0 ? { [INDEX_IGNORED_FAILURES]: String(ignored) } : {}),
  };
}

/** Indexes that will not be tried again. */
export function failedIndexesOf(
  job: Job,
  pods: readonly Pod[],
  completed: ReadonlySet<number>,
): Set<number> {
  const { backoffLimitPerIndex, completions = 0 } = job.spec;
  if (backoffLimitPerIndex === undefined) return new Set();
  const failed = parseIndexes(job.status?.failedIndexes, completions);
  for (const [index, pod] of lastFailures(job, pods)) {
    const { action } = matchFailurePolicy(job, pod);
    const isSpent = action !== "Ignore" && countOf(pod, INDEX_FAILURES) >= backoffLimitPerIndex;
    if (isSpent || action === "FailIndex") failed.add(index);
  }
  for (const index of completed) failed.delete(index);
  return failed;
}
