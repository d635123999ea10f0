import { parseIndexes } from "#api/kinds/job-indexes";
import { isPodReady } from "#api/kinds/pod-status";
import type { Job, Pod } from "#api/schema/types";
import { matchFailurePolicy } from "#control-plane/controllers/job/failure-policy";
import { failedIndexesOf, lastFailures } from "#control-plane/controllers/job/index-failures";
import {
  indexOf,
  isActive,
  isFailed,
  isIndexed,
  isSucceeded,
  isTerminating,
  isTracked,
} from "#control-plane/controllers/job/pods";

/**
 * How far a Job is, from its status and its pods. Every pod that ends is counted exactly once, though any step
 * may be the last before a crash, because its end moves in one direction through three places:
 *
 *   pod with the finalizer -> status.uncountedTerminatedPods -> status.succeeded / status.failed
 *
 * Invariant: a uid enters the list before its pod loses the finalizer (one plan writes the status first), and
 * moves into the counter, in one compare-and-swap, only when the pod has lost it. Until then nobody can take
 * the pod away. The indexes of an Indexed Job are a set, and sets need no such care.
 */
export interface Tally {
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: readonly Pod[];
  /** Counters and lists as the next status has them. */
  readonly counted: { readonly succeeded: number; readonly failed: number };
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  /** All that have ended, counted already or not. */
  readonly succeeded: number;
  readonly failed: number;
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** Pods that have been written down (or need not be) and may go. */
  readonly released: readonly Pod[];
  /** Why a pod fails the whole Job, by its failure policy. */
  readonly failJobMessage: string | undefined;
}

/** Pods written down in one look; the rest keep their finalizer until the next. */
export const MAX_UNCOUNTED = 500;

export function tally(job: Job, pods: readonly Pod[], isEnding: boolean): Tally {
  const active = pods.filter(isActive);
  const ends = newEnds(job, pods);
  const stored = job.status?.uncountedTerminatedPods;
  const failed = moveOn(stored?.failed, pods, ends.failed);
  const indexes = isIndexed(job) ? completedIndexes(job, pods) : new Set<number>();
  const succeeded = isIndexed(job)
    ? { counted: indexes.size, list: [] as string[] }
    : moveOn(stored?.succeeded, pods, ends.succeeded);
  const countedSucceeded = isIndexed(job)
    ? indexes.size
    : (job.status?.succeeded ?? 0) + succeeded.counted;
  const countedFailed = (job.status?.failed ?? 0) + failed.counted;
  const failedIndexes = failedIndexesOf(job, pods, indexes);
  const written = new Set([...succeeded.list, ...failed.list, ...ends.uncountable]);
  const kept = isEnding ? new Set<Pod>() : awaitingSuccessor(job, pods, indexes, failedIndexes);
  return {
    active,
    ready: active.filter(isPodReady).length,
    terminating: pods.filter(isTerminating),
    counted: { succeeded: countedSucceeded, failed: countedFailed },
    uncounted: { succeeded: succeeded.list, failed: failed.list },
    succeeded: countedSucceeded + succeeded.list.length,
    failed: countedFailed + failed.list.length,
    completedIndexes: indexes,
    failedIndexes,
    released: pods.filter(
      (pod) => isTracked(pod) && written.has(pod.metadata.uid ?? "") && !kept.has(pod),
    ),
    failJobMessage: pods
      .map((pod) => matchFailurePolicy(job, pod))
      .find(({ action }) => action === "FailJob")?.message,
  };
}

interface Ends {
  readonly succeeded: string[];
  readonly failed: string[];
  /** Ended, and no counter wants them. */
  readonly uncountable: string[];
}

function newEnds(job: Job, pods: readonly Pod[]): Ends {
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
  const known = new Set([...succeeded, ...failed]);
  const ends: Ends = { succeeded: [], failed: [], uncountable: [] };
  let count = known.size;
  for (const pod of pods) {
    const uid = pod.metadata.uid ?? "";
    if (!isTracked(pod) || known.has(uid)) continue;
    const isWanted = !isIndexed(job) || indexOf(job, pod) !== undefined;
    if (isSucceeded(pod)) {
      if (isIndexed(job)) ends.uncountable.push(uid);
      else if (count++ < MAX_UNCOUNTED) ends.succeeded.push(uid);
    } else if (isFailed(job, pod)) {
      const isIgnored = matchFailurePolicy(job, pod).action === "Ignore";
      if (isIgnored || !isWanted) ends.uncountable.push(uid);
      else if (count++ < MAX_UNCOUNTED) ends.failed.push(uid);
    }
  }
  return ends;
}

/** From the list into the counter go those whose pods nothing holds any more. */
function moveOn(stored: readonly string[] = [], pods: readonly Pod[], added: readonly string[]) {
  const tracked = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ""));
  const waiting = stored.filter((uid) => tracked.has(uid));
  return { counted: stored.length - waiting.length, list: [...waiting, ...added] };
}

/** A pod that succeeded counts for its index with or without finalizer: the Job in the cache may be older. */
function completedIndexes(job: Job, pods: readonly Pod[]): Set<number> {
  const found = parseIndexes(job.status?.completedIndexes, job.spec.completions ?? 0);
  for (const pod of pods) {
    const index = isSucceeded(pod) ? indexOf(job, pod) : undefined;
    if (index !== undefined) found.add(index);
  }
  return found;
}

/** The failures of an index are counted on its pods: the last one stays until another carries the count on. */
function awaitingSuccessor(
  job: Job,
  pods: readonly Pod[],
  completed: ReadonlySet<number>,
  failed: ReadonlySet<number>,
): ReadonlySet<Pod> {
  if (job.spec.backoffLimitPerIndex === undefined) return new Set();
  const busy = new Set(pods.filter(isActive).map((pod) => indexOf(job, pod)));
  const last = [...lastFailures(job, pods)];
  const open = last.filter(
    ([index]) => !busy.has(index) && !completed.has(index) && !failed.has(index),
  );
  return new Set(open.map(([, pod]) => pod));
}
