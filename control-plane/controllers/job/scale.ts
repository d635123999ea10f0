import type { Job, Pod } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { indexWaitMs, waitMs } from "#control-plane/controllers/job/backoff";
import { failureCounts, lastFailures } from "#control-plane/controllers/job/index-failures";
import { createPod } from "#control-plane/controllers/job/new-pod";
import { indexOf, isIndexed, replacesTerminating } from "#control-plane/controllers/job/pods";
import type { Tally } from "#control-plane/controllers/job/tally";
import { rankForDeletion } from "#control-plane/controllers/pod-ranking";

/**
 * Which pods a Job that goes on has too many or too few of.
 * Invariant: pods at work and pods created are together no more than parallelism.
 */
export interface Scaling {
  readonly surplus: readonly Pod[];
  readonly creates: readonly Action[];
  /** Pods are wanted, and failures make them wait. */
  readonly waitMs: number | undefined;
}

/** The most pods that one look creates or deletes. */
const MAX_BURST = 500;

export function scale(job: Job, pods: readonly Pod[], tally: Tally, nowMs: number): Scaling {
  const wanted = wantedActive(job, tally);
  const surplus = surplusOf(job, tally, wanted, nowMs);
  if (surplus.length > 0) return { surplus, creates: [], waitMs: undefined };
  const leaving = replacesTerminating(job) ? 0 : tally.terminating.length;
  const missing = Math.min(MAX_BURST, wanted - tally.active.length - leaving);
  if (missing <= 0 || job.spec.suspend) return { surplus, creates: [], waitMs: undefined };
  if (job.spec.backoffLimitPerIndex === undefined) {
    const wait = waitMs(job, pods, nowMs);
    if (wait > 0) return { surplus, creates: [], waitMs: wait };
  }
  if (isIndexed(job)) return createIndexes(job, pods, tally, { missing, nowMs });
  const creates = Array.from({ length: missing }, () => createPod(job, undefined));
  return { surplus, creates, waitMs: undefined };
}

function wantedActive({ spec }: Job, { active, succeeded }: Tally): number {
  if (spec.suspend) return 0;
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions !== undefined) {
    return Math.min(parallelism, Math.max(0, spec.completions - succeeded));
  }
  return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
}

/** Pods of an index that has one already, or of none, go before all others. */
function surplusOf(
  job: Job,
  { active, completedIndexes, failedIndexes }: Tally,
  wanted: number,
  nowMs: number,
): Pod[] {
  const ranked = rankForDeletion(active, nowMs);
  if (!isIndexed(job))
    return ranked.slice(0, Math.min(MAX_BURST, Math.max(0, active.length - wanted)));
  const taken = new Set<number | undefined>([undefined, ...completedIndexes, ...failedIndexes]);
  const extra: Pod[] = [];
  // The last in the ranking is worth most: it keeps its index.
  for (const pod of ranked.toReversed()) {
    const index = indexOf(job, pod);
    if (taken.has(index)) extra.push(pod);
    else taken.add(index);
  }
  const rest = ranked.filter((pod) => !extra.includes(pod));
  return [...extra, ...rest.slice(0, Math.max(0, rest.length - wanted))].slice(0, MAX_BURST);
}

/** The lowest indexes that are neither done nor at work, unless their last failure is too recent. */
function createIndexes(
  job: Job,
  pods: readonly Pod[],
  tally: Tally,
  { missing, nowMs }: { missing: number; nowMs: number },
): Scaling {
  const isPerIndex = job.spec.backoffLimitPerIndex !== undefined;
  const waiting = replacesTerminating(job) ? [] : tally.terminating;
  const busy = new Set([...tally.active, ...waiting].map((pod) => indexOf(job, pod)));
  const last = isPerIndex ? lastFailures(job, pods) : new Map<number, Pod>();
  const creates: Action[] = [];
  const waits: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && creates.length < missing; index++) {
    const isDone = tally.completedIndexes.has(index) || tally.failedIndexes.has(index);
    if (isDone || busy.has(index)) continue;
    const wait = indexWaitMs(last.get(index), nowMs);
    if (wait > 0) waits.push(wait);
    else creates.push(createPod(job, index, failureCounts(job, last.get(index))));
  }
  return { surplus: [], creates, waitMs: waits.length > 0 ? Math.min(...waits) : undefined };
}
