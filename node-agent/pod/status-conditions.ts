import type { Container, Pod, PodCondition } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { resizeConditions } from "#node-agent/resize/status-resize";
import type { PodEnd } from "#node-agent/pod/pod-end";
import type { PodPhase } from "#node-agent/pod/status";
import {
  isSidecar,
  isInitDone,
  isInitialized,
  isReady,
  newestRecord,
  type PodView,
} from "#node-agent/pod/view";

/** The condition types that the agent owns; nobody else writes them and the agent writes no other. */
export const ownConditions = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
] as const;

/** These too are the agent's, and are there only while a resize is under way. */
export const passingConditions: readonly string[] = ["PodResizePending", "PodResizeInProgress"];

type Verdict = { readonly isTrue: boolean; readonly reason?: string; readonly message?: string };

export function podConditions(view: PodView, phase: PodPhase): PodCondition[] {
  const containersReady = containersReadyVerdict(view, phase);
  const verdicts: Record<(typeof ownConditions)[number], Verdict> = {
    PodReadyToStartContainers: { isTrue: view.sandbox?.isReady === true },
    Initialized: initializedVerdict(view, phase),
    Ready: view.end
      ? { isTrue: false, reason: view.end.reason }
      : readyVerdict(view.pod, containersReady),
    ContainersReady: containersReady,
  };
  return [
    ...ownConditions.map((type) => condition(view, type, verdicts[type])),
    ...(view.end?.isDisruption ? [condition(view, "DisruptionTarget", byNode(view.end))] : []),
    ...(phase === "Running" || phase === "Pending" ? resizeConditions(view) : []),
  ];
}

function byNode({ message }: PodEnd): Verdict {
  return { isTrue: true, reason: "TerminationByKubelet", message };
}

/** lastTransitionTime stays while the status stays. */
function condition(view: PodView, type: string, verdict: Verdict): PodCondition {
  const before = view.pod.status?.conditions?.find((each) => each.type === type);
  const status = verdict.isTrue ? "True" : "False";
  const isSame = before?.status === status && before.lastTransitionTime !== undefined;
  const { generation } = view.pod.metadata;
  return {
    type,
    status,
    lastTransitionTime: isSame ? before.lastTransitionTime : toTime(view.nowMs),
    ...(verdict.reason ? { reason: verdict.reason } : {}),
    ...(verdict.message ? { message: verdict.message } : {}),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}

function initializedVerdict(view: PodView, phase: PodPhase): Verdict {
  const inits = view.pod.spec.initContainers ?? [];
  if (phase === "Succeeded") return { isTrue: true, reason: "PodCompleted" };
  if (isInitialized(view) || inits.length === 0 || hasRun(view)) return { isTrue: true };
  const incomplete = inits.filter((spec) => !isInitDone(view, spec)).map((spec) => spec.name);
  return {
    isTrue: false,
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${incomplete.join(" ")}]`,
  };
}

function hasRun(view: PodView): boolean {
  return view.pod.spec.containers.some((spec) => newestRecord(view, spec.name) !== undefined);
}

function containersReadyVerdict(view: PodView, phase: PodPhase): Verdict {
  if (phase === "Succeeded") return { isTrue: false, reason: "PodCompleted" };
  if (phase === "Failed") return { isTrue: false, reason: "PodFailed" };
  const sidecars = (view.pod.spec.initContainers ?? []).filter(isSidecar);
  const unready = [...sidecars, ...view.pod.spec.containers]
    .filter((spec) => !isContainerReady(view, spec))
    .map((spec) => spec.name);
  if (unready.length === 0) return { isTrue: true };
  return {
    isTrue: false,
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

function isContainerReady(view: PodView, spec: Container): boolean {
  const record = newestRecord(view, spec.name);
  return record !== undefined && isReady(view, record);
}

/** Containers ready, and every readiness gate true. */
function readyVerdict(pod: Pod, containersReady: Verdict): Verdict {
  if (!containersReady.isTrue) return containersReady;
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = pod.status?.conditions?.find((each) => each.type === conditionType);
    if (!gate) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    return gate.status === "True"
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  if (messages.length === 0) return { isTrue: true };
  return { isTrue: false, reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}
