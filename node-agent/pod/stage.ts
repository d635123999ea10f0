import { rejectionOf } from "#node-agent/pod/rejection";
import { isAtLeast, mayMove, type PodStage } from "#node-agent/pod/transitions";
import {
  currentRecord,
  isInitialized,
  isSidecar,
  newestRecord,
  type PodView,
} from "#node-agent/pod/view";
import { invariant } from "#kit/invariant";

/** How far the pod has come, from where it was and what is seen now. Pure; each step obeys the table. */
export function nextStage(view: PodView): PodStage {
  let stage = view.stage;
  for (;;) {
    const next = step(stage, view);
    if (next === stage) return stage;
    invariant(
      mayMove("agent", stage, next),
      `the agent may not move a pod from ${stage} to ${next}`,
    );
    stage = next;
  }
}

function step(stage: PodStage, view: PodView): PodStage {
  switch (stage) {
    case "bound":
      return "starting";
    case "starting":
    case "running":
      if (isEnding(view) || view.end?.drainsFromMs !== undefined) return "draining";
      if (isDone(view)) return "stopping";
      return stage === "starting" && isInitialized(view) && view.sandbox ? "running" : stage;
    case "draining":
      return drainEndsAtMs(view) <= view.nowMs ? "stopping" : stage;
    case "stopping":
      return isStill(view) ? "finished" : stage;
    case "finished":
      return isEnding(view) ? "cleaning" : stage;
    case "cleaning":
      return view.isCleaned ? "gone" : stage;
    default:
      return stage;
  }
}

/** Somebody wants the pod away, whatever its containers do. */
export function isEnding(view: PodView): boolean {
  return view.isRemoved || view.pod.metadata.deletionTimestamp !== undefined;
}

/** Nothing runs, and nothing is being started. */
function isStill(view: PodView): boolean {
  const isStarting = [...view.inFlight].some((key) => startsSomething(key));
  return !isStarting && view.containers.every((record) => record.state !== "running");
}

export function startsSomething(key: string): boolean {
  return key.startsWith("start:") || key === "createSandbox" || key === "mountVolumes";
}

/** No container will ever be started again, although nobody has deleted the pod. */
export function isDone(view: PodView): boolean {
  if (view.end) return true;
  return (
    rejectionOf(view.pod) !== undefined ||
    hasEndedBefore(view) ||
    isPastDeadline(view) ||
    hasInitFailed(view) ||
    areMainsDone(view)
  );
}

/** The API already says so: an agent that starts again must not run a finished pod a second time. */
export function hasEndedBefore(view: PodView): boolean {
  const phase = view.pod.status?.phase;
  return phase === "Succeeded" || phase === "Failed";
}

export function deadlineMs(view: PodView): number {
  const seconds = view.pod.spec.activeDeadlineSeconds;
  return seconds === undefined ? Number.POSITIVE_INFINITY : view.startedAtMs + seconds * 1000;
}

export function isPastDeadline(view: PodView): boolean {
  return view.nowMs >= deadlineMs(view);
}

export function hasInitFailed(view: PodView): boolean {
  if (restartPolicyOf(view) !== "Never") return false;
  return (view.pod.spec.initContainers ?? []).some((spec) => {
    const record = currentRecord(view, spec.name);
    return !isSidecar(spec) && record?.state === "exited" && record.exitCode !== 0;
  });
}

function areMainsDone(view: PodView): boolean {
  const policy = restartPolicyOf(view);
  if (policy === "Always") return false;
  return view.pod.spec.containers.every((spec) => {
    const record = newestRecord(view, spec.name);
    if (record?.state !== "exited" || view.inFlight.has(`start:${spec.name}`)) return false;
    if (view.restarting.has(record.id)) return false;
    return policy === "Never" || record.exitCode === 0;
  });
}

export function restartPolicyOf(view: PodView): "Always" | "OnFailure" | "Never" {
  const policy = view.pod.spec.restartPolicy;
  return policy === "OnFailure" || policy === "Never" ? policy : "Always";
}

const ingressConditionPrefix = "ingress.kaji.dev/";
const drainTimeoutAnnotation = "kaji.dev/drain-timeout-seconds";
const defaultDrainTimeoutSeconds = 30;

/**
 * When SIGTERM may be sent: at once, or when no ingress sends to the pod any more (its conditions say so), and
 * in any case after the drain timeout, counted from the deletion.
 */
export function drainEndsAtMs(view: PodView): number {
  const { metadata, status } = view.pod;
  const isServing = (status?.conditions ?? []).some(
    (condition) => condition.type.startsWith(ingressConditionPrefix) && condition.status === "True",
  );
  const isIdle = view.containers.every((record) => record.state !== "running");
  if (view.isRemoved || !isServing || isIdle || graceMs(view) === 0) return 0;
  const wanted = Number(metadata.annotations?.[drainTimeoutAnnotation]);
  const timeoutSeconds =
    Number.isFinite(wanted) && wanted >= 0 ? wanted : defaultDrainTimeoutSeconds;
  // Who has only so long to end must not use all of it up with waiting.
  const limitMs = view.end ? view.end.graceMs / 2 : Number.POSITIVE_INFINITY;
  const timeoutMs = Math.min(timeoutSeconds * 1000, limitMs);
  return deletedAtMs(view) + timeoutMs + (timeoutMs > 0 ? unknownMs(view) : 0);
}

/** The API's times are whole seconds, rounded down: requests in flight must not be cut off for that. */
function unknownMs({ pod }: PodView): number {
  return pod.metadata.deletionTimestamp ? 999 : 0;
}

/** The API writes deletionTimestamp = time of the request + grace. */
function deletedAtMs(view: PodView): number {
  const { deletionTimestamp } = view.pod.metadata;
  if (deletionTimestamp) return Date.parse(deletionTimestamp) - graceMs(view);
  return view.end?.drainsFromMs ?? view.nowMs;
}

export function graceMs(view: PodView): number {
  if (view.isRemoved) return 0;
  const { metadata, spec } = view.pod;
  const own = (spec.terminationGracePeriodSeconds ?? 30) * 1000;
  if (view.end && metadata.deletionTimestamp === undefined) return view.end.graceMs;
  if (metadata.deletionTimestamp === undefined) return own;
  return metadata.deletionGracePeriodSeconds === undefined
    ? own
    : metadata.deletionGracePeriodSeconds * 1000;
}

/** Finished and given back; only the record in the API is left. */
export function isOver(stage: PodStage): boolean {
  return isAtLeast(stage, "finished");
}
