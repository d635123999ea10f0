import { podSpecOf } from "#api/kinds/deployment-config";
import { podKind } from "#api/kinds/pod";
import { isPodAvailable, isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { replicaSetKind } from "#api/kinds/replica-set";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf } from "#api/machinery/meta";
import type {
  Pod,
  PodTemplateSpec,
  ReplicaSet,
  ReplicaSetCondition,
  ReplicaSetStatus,
} from "#api/schema/types";
import {
  type Action,
  type Caches,
  defineController,
  targetOf,
} from "#control-plane/controllers/controller";
import { claim, controllerReference, ownerKeys } from "#control-plane/controllers/ownership";
import { rankForDeletion, readySince } from "#control-plane/controllers/pod-ranking";
import { toTime } from "#kit/clock";

/** Keeps as many pods of a template as spec.replicas says. */
export interface ReplicaSetInput {
  readonly replicaSet: ReplicaSet;
  /** Pods of the namespace that it owns or could adopt. */
  readonly candidates: readonly Pod[];
}

/** The most pods that one look creates or deletes. Source: Kubernetes' BurstReplicas. */
const MAX_BURST = 500;
const REPLICA_FAILURE = "ReplicaFailure";
const FAILED_CREATE = "FailedCreate";

export const replicaSetController = defineController<ReplicaSet, ReplicaSetInput>({
  name: "replicaset",
  reconciles: replicaSetKind,
  watches: [{ kind: podKind, keysOf: keysOfPod }],
  observe(caches, key) {
    const replicaSet = caches.get(replicaSetKind, key);
    if (!replicaSet) return undefined;
    const { namespace = "", uid = "" } = replicaSet.metadata;
    const orphans = caches.inNamespace(podKind, namespace).filter((pod) => !controllerOf(pod));
    return { replicaSet, candidates: [...caches.ownedBy(podKind, uid), ...orphans] };
  },
  plan: planReplicaSet,
});

function keysOfPod(pod: Parameters<typeof controllerOf>[0], caches: Caches): readonly string[] {
  if (controllerOf(pod)) return ownerKeys(pod, replicaSetKind, caches);
  const labels = pod.metadata.labels ?? {};
  return caches
    .inNamespace(replicaSetKind, pod.metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}

export function planReplicaSet(
  { replicaSet, candidates }: ReplicaSetInput,
  nowMs: number,
): Action[] {
  const selector = selectorFromLabelSelector(replicaSet.spec.selector);
  const alive = candidates.filter((pod) => !isPodTerminal(pod));
  const { owned, actions } = claim(replicaSet, podKind, selector, alive);
  const active = owned.filter((pod) => !pod.metadata.deletionTimestamp);
  const scaling = replicaSet.metadata.deletionTimestamp ? [] : planScale(replicaSet, active, nowMs);
  const status = planStatus(replicaSet, owned, nowMs);
  // A refused create ends the plan: where the last one was refused, the status is not left to wait for it.
  return hasFailed(replicaSet)
    ? [...actions, ...status, ...scaling]
    : [...actions, ...scaling, ...status];
}

function hasFailed({ status }: ReplicaSet): boolean {
  return status?.conditions?.some(({ type }) => type === REPLICA_FAILURE) ?? false;
}

function missingPods(replicaSet: ReplicaSet, active: readonly Pod[]): number {
  return (replicaSet.spec.replicas ?? 1) - active.length;
}

function planScale(replicaSet: ReplicaSet, active: readonly Pod[], nowMs: number): Action[] {
  const missing = missingPods(replicaSet, active);
  if (missing > 0) {
    return Array.from({ length: Math.min(missing, MAX_BURST) }, () => createPod(replicaSet, nowMs));
  }
  const surplus = Math.min(-missing, MAX_BURST);
  return rankForDeletion(active, nowMs)
    .slice(0, surplus)
    .map((pod) => ({
      type: "delete",
      kind: podKind,
      target: targetOf(pod),
      event: {
        about: replicaSet,
        type: "Normal",
        reason: "SuccessfulDelete",
        message: "Deleted pod: %NAME%",
      },
    }));
}

function createPod(replicaSet: ReplicaSet, nowMs: number): Action {
  const template: PodTemplateSpec = replicaSet.spec.template ?? { spec: { containers: [] } };
  const { name, namespace } = replicaSet.metadata;
  return {
    type: "create",
    kind: podKind,
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "",
        generateName: `${name}-`,
        namespace,
        labels: template.metadata?.labels,
        annotations: template.metadata?.annotations,
        finalizers: template.metadata?.finalizers,
        ownerReferences: [controllerReference(replicaSet)],
      },
      spec: podSpecOf(template),
    } as Pod,
    event: {
      about: replicaSet,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: "Created pod: %NAME%",
      failure: { reason: FAILED_CREATE, message: "Error creating: %ERROR%" },
    },
    ...(hasFailed(replicaSet) ? {} : { onFailure: (error) => sayFailed(replicaSet, error, nowMs) }),
  };
}

/** On the ReplicaSet itself, from where the Deployment takes it: why there are no pods. */
function sayFailed(replicaSet: ReplicaSet, error: string, nowMs: number): Action {
  const condition: ReplicaSetCondition = {
    type: REPLICA_FAILURE,
    status: "True",
    reason: FAILED_CREATE,
    message: error,
    lastTransitionTime: toTime(nowMs),
  };
  return {
    type: "patch",
    kind: replicaSetKind,
    target: targetOf(replicaSet),
    patchType: "strategic",
    subresource: "status",
    body: { status: { conditions: [condition] } },
  };
}

/** The failure stands until there are as many pods as wanted. */
function nextConditions(replicaSet: ReplicaSet, active: readonly Pod[]): ReplicaSetCondition[] {
  const known = replicaSet.status?.conditions ?? [];
  return missingPods(replicaSet, active) > 0
    ? known
    : known.filter(({ type }) => type !== REPLICA_FAILURE);
}

function planStatus(replicaSet: ReplicaSet, owned: readonly Pod[], nowMs: number): Action[] {
  const active = owned.filter((pod) => !pod.metadata.deletionTimestamp);
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const templateLabels = Object.entries(replicaSet.spec.template?.metadata?.labels ?? {});
  const ready = active.filter(isPodReady);
  const available = ready.filter((pod) => isPodAvailable(pod, minReadySeconds, nowMs));
  const status: ReplicaSetStatus = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter(({ metadata }) =>
      templateLabels.every(([key, value]) => metadata.labels?.[key] === value),
    ).length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    terminatingReplicas: owned.length - active.length,
    observedGeneration: replicaSet.metadata.generation,
    conditions: nextConditions(replicaSet, active),
  };
  const actions: Action[] = [];
  if (!isSameStatus(replicaSet.status, status)) {
    actions.push({
      type: "updateStatus",
      kind: replicaSetKind,
      object: { ...replicaSet, status } as ReplicaSet,
    });
  }
  // A pod becomes available by time alone: nothing else would wake this controller.
  const waiting = ready.filter((pod) => !available.includes(pod));
  if (waiting.length > 0) {
    const dueMs = Math.min(...waiting.map(readySinceMs)) + minReadySeconds * 1000;
    actions.push({ type: "requeue", afterMs: Math.max(1, dueMs - nowMs) });
  }
  return actions;
}

function readySinceMs(pod: Pod): number {
  return Date.parse(readySince(pod) ?? "") || 0;
}

function isSameStatus(previous: ReplicaSetStatus | undefined, next: ReplicaSetStatus): boolean {
  const numbers = [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "terminatingReplicas",
  ] as const;
  return (
    previous?.observedGeneration === next.observedGeneration &&
    (previous?.conditions ?? []).length === (next.conditions ?? []).length &&
    numbers.every((name) => (previous?.[name] ?? 0) === (next[name] ?? 0))
  );
}
