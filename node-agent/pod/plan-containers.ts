import type { Container as ContainerSpec } from "#api/schema/types";
import type { PlanDraft } from "#node-agent/pod/actions";
import { restartTime } from "#node-agent/pod/crash-loop";
import { specHash } from "#node-agent/pod/spec-hash";
import { restartPolicyOf } from "#node-agent/pod/stage";
import {
  type ContainerRecord,
  currentRecord,
  isInitDone,
  isInitialized,
  isSidecar,
  newestRecord,
  type PodView,
  recordsOf,
  verdictsOf,
} from "#node-agent/pod/view";

/** How many ended containers of one name are kept: the newest answers `kubectl logs --previous`. */
const keptRecords = 2;

/** With a ready sandbox: init containers in order, then the main ones; restarts; what is unhealthy is stopped. */
export function planContainers(view: PodView, draft: PlanDraft): void {
  const inits = view.pod.spec.initContainers ?? [];
  if (isInitialized(view)) {
    for (const spec of inits.filter(isSidecar)) planContainer(view, draft, spec);
    for (const spec of view.pod.spec.containers) planContainer(view, draft, spec);
  } else {
    planInitContainers(view, draft, inits);
  }
  for (const spec of view.pod.spec.ephemeralContainers ?? []) planGuest(view, draft, spec);
  removeOldRecords(view, draft);
}

/** An ephemeral container runs once, whatever becomes of it or of its sandbox, and waits for no init container. */
function planGuest(view: PodView, draft: PlanDraft, spec: ContainerSpec): void {
  const record = newestRecord(view, spec.name);
  const known = view.pod.status?.ephemeralContainerStatuses?.find(({ name }) => name === spec.name);
  if (record?.state === "created") return planContainer(view, draft, spec);
  if (!record && !known?.containerID) planStart(view, draft, spec);
}

function planInitContainers(
  view: PodView,
  draft: PlanDraft,
  inits: readonly ContainerSpec[],
): void {
  for (const spec of inits) {
    const isDone = isInitDone(view, spec);
    if (!isDone || isSidecar(spec)) planContainer(view, draft, spec);
    if (!isDone) return;
  }
}

function planContainer(view: PodView, draft: PlanDraft, spec: ContainerSpec): void {
  const record = currentRecord(view, spec.name);
  if (!record) return planStart(view, draft, spec);
  switch (record.state) {
    case "created":
      // An agent died between create and start: begin again, with the same count.
      if (!view.inFlight.has(`start:${spec.name}`)) {
        draft.actions.push({ type: "removeContainer", id: record.id });
      }
      return;
    case "running":
      return planRunningContainer(view, draft, spec, record);
    case "exited":
      if (mayRestart(view, spec, record)) planStart(view, draft, spec);
  }
}

function mayRestart(view: PodView, spec: ContainerSpec, record: ContainerRecord): boolean {
  if (isSidecar(spec) || view.restarting.has(record.id)) return true;
  const policy = restartPolicyOf(view);
  const isInit = (view.pod.spec.initContainers ?? []).includes(spec);
  if (policy === "Always" && !isInit) return true;
  return policy !== "Never" && record.exitCode !== 0;
}

function planStart(view: PodView, draft: PlanDraft, spec: ContainerSpec): void {
  if (view.inFlight.has(`start:${spec.name}`)) return;
  const failure = view.startFailures.get(spec.name);
  if (failure && failure.retryAtMs > view.nowMs) {
    draft.wakes.push(failure.retryAtMs, pullErrorShownUntilMs(failure.failedAtMs));
    return;
  }
  const previous = newestRecord(view, spec.name);
  // A container that a lost sandbox took along did not crash: it comes back at once.
  const hasCrashed =
    previous !== undefined &&
    previous.sandboxId === view.sandbox?.id &&
    !view.restarting.has(previous.id);
  const restart = hasCrashed ? restartTime(previous) : undefined;
  if (restart && restart.atMs > view.nowMs) {
    draft.wakes.push(restart.atMs);
    draft.backingOff.push({ container: spec.name, recordId: previous?.id ?? "" });
    return;
  }
  draft.actions.push({
    type: "startContainer",
    container: spec.name,
    restartCount: nextRestartCount(view, spec, previous),
    backoffMs: restart?.nextBackoffMs ?? previous?.backoffMs ?? 0,
  });
}

/** For how long a failed pull shows as ErrImagePull before it shows as ImagePullBackOff. */
export function pullErrorShownUntilMs(failedAtMs: number): number {
  return failedAtMs + 2_000;
}

function nextRestartCount(
  view: PodView,
  spec: ContainerSpec,
  previous: ContainerRecord | undefined,
): number {
  if (previous) return previous.restartCount + 1;
  const { containerStatuses = [], initContainerStatuses = [] } = view.pod.status ?? {};
  const known = [...containerStatuses, ...initContainerStatuses].find(
    (status) => status.name === spec.name && status.containerID,
  );
  return known ? known.restartCount + 1 : 0;
}

function planRunningContainer(
  view: PodView,
  draft: PlanDraft,
  spec: ContainerSpec,
  record: ContainerRecord,
): void {
  const problem = restartReason(view, spec, record);
  if (!problem) return;
  const ownGrace = problem.graceSeconds ?? view.pod.spec.terminationGracePeriodSeconds ?? 30;
  draft.actions.push({
    type: "stopContainer",
    container: spec.name,
    id: record.id,
    graceMs: ownGrace * 1000,
    runsPreStop: true,
    isRestart: problem.isPlanned,
    message: `Container ${spec.name} ${problem.sentence}`,
  });
}

function restartReason(
  view: PodView,
  spec: ContainerSpec,
  record: ContainerRecord,
): { sentence: string; graceSeconds: number | undefined; isPlanned: boolean } | undefined {
  const { liveness, startup } = verdictsOf(view, record);
  if (record.specHash !== specHash(spec)) {
    return {
      sentence: "definition changed, will be restarted",
      graceSeconds: undefined,
      isPlanned: true,
    };
  }
  if (liveness === "failure") {
    const graceSeconds = spec.livenessProbe?.terminationGracePeriodSeconds;
    return { sentence: "failed liveness probe, will be restarted", graceSeconds, isPlanned: false };
  }
  if (startup === "failure") {
    const graceSeconds = spec.startupProbe?.terminationGracePeriodSeconds;
    return { sentence: "failed startup probe, will be restarted", graceSeconds, isPlanned: false };
  }
  return undefined;
}

function removeOldRecords(view: PodView, draft: PlanDraft): void {
  const { containers, initContainers = [] } = view.pod.spec;
  for (const spec of [...containers, ...initContainers]) {
    for (const record of recordsOf(view, spec.name).slice(0, -keptRecords)) {
      if (record.state === "exited") draft.actions.push({ type: "removeContainer", id: record.id });
    }
  }
}
