import type { Job, Pod } from "#api/schema/types";
import { failuresUpTo } from "#control-plane/controllers/job/index-failures";
import { endMs, isFailed, isSucceeded, isTracked } from "#control-plane/controllers/job/pods";

/** Source: Kubernetes, "Pod backoff failure policy": 10 s, 20 s, 40 s ... and six minutes at most. */
const FIRST_DELAY_MS = 10_000;
const MAX_DELAY_MS = 360_000;

export function backoffDelayMs(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 16));
}

/**
 * How long the next pod waits: the delay grows with failures in a row since the last success. Read from the
 * pods themselves (a Job keeps its ended pods), so that it survives a restart of the controller.
 */
export function waitMs(job: Job, pods: readonly Pod[], nowMs: number): number {
  const lastSuccessMs = Math.max(0, ...pods.filter(isSucceeded).map(endMs));
  const failures = pods
    .filter((pod) => isFailed(job, pod) && (isTracked(pod) || !pod.metadata.deletionTimestamp))
    .map(endMs)
    .filter((ms) => ms > lastSuccessMs);
  if (failures.length === 0) return 0;
  return Math.max(0, Math.max(...failures) + backoffDelayMs(failures.length) - nowMs);
}

/** The same for one index, from its last failed pod. */
export function indexWaitMs(last: Pod | undefined, nowMs: number): number {
  if (!last) return 0;
  return Math.max(0, endMs(last) + backoffDelayMs(failuresUpTo(last)) - nowMs);
}
