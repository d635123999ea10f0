import { isPodTerminal } from "#api/kinds/pod-status";
import type { Job, Pod } from "#api/schema/types";

/** What a Job reads from one of its pods. Names of annotations and the finalizer are Kubernetes'. */
export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";
export const INDEX_KEY = "batch.kubernetes.io/job-completion-index";
export const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
export const INDEX_IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === "Indexed";
}

/** The pod is at work or will be. */
export function isActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && !pod.metadata.deletionTimestamp;
}

/** Told to stop, and maybe still at work. */
export function isTerminating(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined && !isGone(pod);
}

/** Deleted, and its node has confirmed that nothing runs any more (or it never had a node). */
function isGone({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

export function isSucceeded(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded";
}

/**
 * Whether a pod counts as a failure. A pod that somebody deletes counts at once, so that it is replaced, unless
 * the Job replaces only what has really ended.
 */
export function isFailed(job: Job, pod: Pod): boolean {
  if (isPodTerminal(pod)) return !isSucceeded(pod);
  if (!pod.metadata.deletionTimestamp) return false;
  return replacesTerminating(job) || isGone(pod);
}

export function replacesTerminating(job: Job): boolean {
  return job.spec.podReplacementPolicy !== "Failed" && !job.spec.podFailurePolicy;
}

/** The completion index; undefined for a pod without one, or beyond the Job's completions. */
export function indexOf(job: Job, pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[INDEX_KEY];
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const index = Number(text);
  return index < (job.spec.completions ?? 0) ? index : undefined;
}

export function countOf(pod: Pod, annotation: string): number {
  return Number(pod.metadata.annotations?.[annotation] ?? 0) || 0;
}

/** When the last container of a pod has ended, or the nearest that is known to it. */
export function endMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ""),
  );
  const known = ends.filter((ms) => !Number.isNaN(ms));
  if (known.length > 0) return Math.max(...known);
  const ready = pod.status?.conditions?.find(({ type }) => type === "Ready");
  const { deletionTimestamp, creationTimestamp } = pod.metadata;
  return Date.parse(deletionTimestamp ?? ready?.lastTransitionTime ?? creationTimestamp ?? "") || 0;
}
