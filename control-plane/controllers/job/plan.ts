import { jobKind } from "#api/kinds/job";
import { finishedCondition } from "#api/kinds/job-status";
import { podKind } from "#api/kinds/pod";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf } from "#api/machinery/meta";
import type { Job, Pod } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { isTracked, TRACKING_FINALIZER } from "#control-plane/controllers/job/pods";
import { scale, type Scaling } from "#control-plane/controllers/job/scale";
import { nextStatus, writeStatus } from "#control-plane/controllers/job/status";
import { tally } from "#control-plane/controllers/job/tally";
import { decide, standingVerdict } from "#control-plane/controllers/job/verdict";
import { claim } from "#control-plane/controllers/ownership";
import { invariant } from "#kit/invariant";

export interface JobInput {
  /** undefined: gone, and left pods behind. */
  readonly job: Job | undefined;
  /** Pods of the namespace that it owns or could adopt. */
  readonly candidates: readonly Pod[];
  /** Pods whose Job of this name is not (any more) the one there is. */
  readonly strays: readonly Pod[];
}

/** Timers beyond this are set again: a longer one does not fit into 32 bits of milliseconds. */
const MAX_REQUEUE_MS = 24 * 3_600_000;

export function planJob({ job, candidates, strays }: JobInput, nowMs: number): readonly Action[] {
  const freed = strays.map(releaseStray);
  if (!job) return freed;
  invariant(job.spec.selector, "a stored Job has a selector: validation requires it");
  const selector = selectorFromLabelSelector(job.spec.selector);
  const { owned, actions } = claim(job, podKind, selector, candidates);
  const plan = hasEnded(job) ? planEnded(job, owned, nowMs) : planRunning(job, owned, nowMs);
  return [...freed, ...actions, ...plan];
}

function hasEnded(job: Job): boolean {
  return finishedCondition(job) !== undefined || job.metadata.deletionTimestamp !== undefined;
}

function planRunning(job: Job, owned: readonly Pod[], nowMs: number): Action[] {
  const standing = standingVerdict(job);
  const counts = tally(job, owned, standing !== undefined);
  const deadlineMs = deadlineOf(job);
  const verdict = standing ?? decide(job, owned, counts, deadlineMs, nowMs);
  const status = writeStatus(job, nextStatus(job, counts, verdict, nowMs));
  const released = counts.released.map(release);
  if (verdict) {
    return [...status, ...released, ...counts.active.map((pod) => deletePod(job, pod))];
  }
  const scaling = scale(job, owned, counts, nowMs);
  const adopted = counts.active.filter((pod) => !isTracked(pod) && !scaling.surplus.includes(pod));
  return [
    ...status,
    ...adopted.map(track),
    ...released,
    ...planScaling(job, scaling),
    ...wakeUps(job, scaling, nowMs),
  ];
}

/** Surplus pods are no failures: they lose the finalizer first, and so are not counted. */
function planScaling(job: Job, { surplus, creates }: Scaling): Action[] {
  return [
    ...surplus.filter(isTracked).map(release),
    ...surplus.map((pod) => deletePod(job, pod)),
    ...creates,
  ];
}

/** undefined: none, or the clock does not run. */
function deadlineOf({ spec, status }: Job): number | undefined {
  if (spec.suspend || spec.activeDeadlineSeconds === undefined || !status?.startTime) {
    return undefined;
  }
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000;
}

function wakeUps(job: Job, { waitMs }: Scaling, nowMs: number): Action[] {
  const deadlineMs = deadlineOf(job);
  const times = [
    ...(waitMs === undefined ? [] : [waitMs]),
    ...(deadlineMs === undefined ? [] : [deadlineMs - nowMs]),
  ];
  if (times.length === 0) return [];
  return [requeue(Math.min(...times))];
}

/** Nothing is counted any more; what still bears the finalizer is let go. */
function planEnded(job: Job, owned: readonly Pod[], nowMs: number): Action[] {
  const released = owned.filter(isTracked).map(release);
  const endedAt = finishedCondition(job)?.lastTransitionTime;
  const seconds = job.spec.ttlSecondsAfterFinished;
  if (job.metadata.deletionTimestamp || seconds === undefined || !endedAt) return released;
  const leftMs = Date.parse(endedAt) + seconds * 1000 - nowMs;
  if (leftMs > 0) return [...released, requeue(leftMs)];
  const target = targetOf(job);
  return [...released, { type: "delete", kind: jobKind, target, propagationPolicy: "Background" }];
}

function requeue(afterMs: number): Action {
  return { type: "requeue", afterMs: Math.max(1, Math.min(afterMs, MAX_REQUEUE_MS)) };
}

function deletePod(job: Job, pod: Pod): Action {
  return {
    type: "delete",
    kind: podKind,
    target: targetOf(pod),
    event: {
      about: job,
      type: "Normal",
      reason: "SuccessfulDelete",
      message: "Deleted pod: %NAME%",
    },
  };
}

function release(pod: Pod): Action & { type: "patch" } {
  const body = { metadata: { "$deleteFromPrimitiveList/finalizers": [TRACKING_FINALIZER] } };
  return { type: "patch", kind: podKind, target: targetOf(pod), patchType: "strategic", body };
}

function track(pod: Pod): Action {
  const body = { metadata: { finalizers: [TRACKING_FINALIZER] } };
  return { type: "patch", kind: podKind, target: targetOf(pod), patchType: "strategic", body };
}

/** Caches may not know the Job yet: only when the API server does not know it either. */
function releaseStray(pod: Pod): Action {
  const owner = controllerOf(pod);
  const { namespace } = pod.metadata;
  const reference = { kind: jobKind, namespace, name: owner?.name ?? "", uid: owner?.uid };
  return { ...release(pod), onlyIfAbsent: [reference] };
}
