import type { Container, ContainerState, ContainerStatus } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { goDuration, restartTime } from "#node-agent/pod/crash-loop";
import { containerSize } from "#node-agent/resize/status-resize";
import { pullErrorShownUntilMs } from "#node-agent/pod/plan-containers";
import { hasEndedBefore, isOver, restartPolicyOf } from "#node-agent/pod/stage";
import {
  type ContainerRecord,
  type Failure,
  isInitialized,
  isReady,
  isSidecar,
  isStarted,
  type PodView,
  recordsOf,
} from "#node-agent/pod/view";

type Role = "init" | "main";

export const containerIdPrefix = "kaji://";

export function containerStatus(view: PodView, spec: Container, role: Role): ContainerStatus {
  const records = recordsOf(view, spec.name).filter((record) => record.state !== "created");
  const newest = records.at(-1);
  const before = knownStatus(view, spec.name);
  if (!newest && before && hasEndedBefore(view)) return before;
  const waiting = waitingReason(view, spec, role, newest);
  const state: ContainerState = waiting ? { waiting } : newest ? stateOf(newest) : {};
  const ended = waiting ? newest : records.at(-2);
  const lastState = ended?.state === "exited" ? stateOf(ended) : (before?.lastState ?? {});
  // After a reboot no record is left: the earlier container's id says that the next start is a restart.
  const containerID = newest ? containerIdPrefix + newest.id : before?.containerID;
  const hasStarted = newest !== undefined && isStarted(view, newest);
  return {
    name: spec.name,
    state,
    lastState,
    ready: isContainerReady(view, spec, role, newest),
    restartCount: newest?.restartCount ?? before?.restartCount ?? 0,
    image: newest?.image ?? spec.image ?? "",
    imageID: newest?.imageId ?? "",
    ...(containerID ? { containerID } : {}),
    started: hasStarted,
    ...containerSize(spec, newest),
  };
}

/** An ephemeral container is never ready, has no restarts, and counts for nothing else in the pod's status. */
export function guestStatus(view: PodView, spec: Container): ContainerStatus {
  const newest = recordsOf(view, spec.name).findLast(({ state }) => state !== "created");
  const before = view.pod.status?.ephemeralContainerStatuses?.find(
    ({ name, containerID }) => name === spec.name && containerID,
  );
  if (!newest && before) return endedUnseen(before);
  const failure = view.startFailures.get(spec.name);
  const waiting = failure
    ? failureReason(view, spec, failure)
    : { reason: defaultReason(view, "main") };
  return {
    name: spec.name,
    state: newest ? stateOf(newest) : { waiting },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: newest?.image ?? spec.image ?? "",
    imageID: newest?.imageId ?? "",
    ...(newest ? { containerID: containerIdPrefix + newest.id } : {}),
  };
}

/** The host was started again meanwhile, and nobody saw the container end. */
function endedUnseen(before: ContainerStatus): ContainerStatus {
  if (before.state?.terminated) return before;
  const reason = "ContainerStatusUnknown";
  const message = "The container could not be located when the pod was terminated";
  const containerID = before.containerID;
  return {
    ...before,
    state: {
      terminated: { exitCode: 137, reason, message, ...(containerID ? { containerID } : {}) },
    },
  };
}

function knownStatus(view: PodView, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = view.pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find((status) => status.name === name);
}

function isContainerReady(
  view: PodView,
  spec: Container,
  role: Role,
  newest: ContainerRecord | undefined,
): boolean {
  if (!newest) return false;
  if (role === "main" || isSidecar(spec)) return isReady(view, newest);
  return newest.state === "exited" && newest.exitCode === 0;
}

export function stateOf(record: ContainerRecord): ContainerState {
  const startedAt = toTime(record.startedAtMs ?? record.createdAtMs);
  if (record.state !== "exited") return { running: { startedAt } };
  return {
    terminated: {
      exitCode: record.exitCode,
      ...(record.signal === undefined ? {} : { signal: record.signal }),
      reason: record.reason ?? (record.exitCode === 0 ? "Completed" : "Error"),
      ...(record.message ? { message: record.message } : {}),
      startedAt,
      finishedAt: toTime(record.finishedAtMs ?? record.createdAtMs),
      containerID: containerIdPrefix + record.id,
    },
  };
}

type Waiting = { reason: string; message?: string };

/** undefined: the container runs, or has ended for good. */
function waitingReason(
  view: PodView,
  spec: Container,
  role: Role,
  newest: ContainerRecord | undefined,
): Waiting | undefined {
  if (newest?.state === "running" || isOver(view.stage)) {
    return newest ? undefined : { reason: defaultReason(view, role) };
  }
  const failure = view.startFailures.get(spec.name);
  if (failure) return failureReason(view, spec, failure);
  if (!newest) return { reason: defaultReason(view, role) };
  return crashLoopReason(view, spec, role, newest);
}

/** What has not been tried yet waits for the init containers, or for its sandbox. */
function defaultReason(view: PodView, role: Role): string {
  const hasInit = (view.pod.spec.initContainers ?? []).length > 0;
  if (role === "init") return hasInit && view.sandbox ? "PodInitializing" : "ContainerCreating";
  return hasInit && !isInitialized(view) ? "PodInitializing" : "ContainerCreating";
}

function failureReason(view: PodView, spec: Container, failure: Failure): Waiting {
  const { reason, message, failedAtMs } = failure;
  if (reason !== "ErrImagePull" || view.nowMs < pullErrorShownUntilMs(failedAtMs)) {
    return { reason, message };
  }
  return {
    reason: "ImagePullBackOff",
    message: `Back-off pulling image "${spec.image ?? ""}": ${reason}: ${message}`,
  };
}

function crashLoopReason(
  view: PodView,
  spec: Container,
  role: Role,
  newest: ContainerRecord,
): Waiting | undefined {
  const isEnding = view.stage !== "starting" && view.stage !== "running";
  const policy = isSidecar(spec) ? "Always" : restartPolicyOf(view);
  const isSuccess = newest.exitCode === 0 && (role === "init" || policy !== "Always");
  if (isEnding || policy === "Never" || (isSuccess && !isSidecar(spec))) return undefined;
  const restart = restartTime(newest);
  if (restart.delayMs === 0 || restart.atMs <= view.nowMs) return undefined;
  return { reason: "CrashLoopBackOff", message: crashLoopMessage(view, newest, restart.delayMs) };
}

function crashLoopMessage(view: PodView, record: ContainerRecord, delayMs: number): string {
  const { name, namespace = "default", uid = "" } = view.pod.metadata;
  return (
    `back-off ${goDuration(delayMs)} restarting failed container=${record.name} ` +
    `pod=${name}_${namespace}(${uid})`
  );
}
