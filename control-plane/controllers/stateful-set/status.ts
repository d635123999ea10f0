import { isPodReady } from "#api/kinds/pod-status";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Pod, StatefulSet, StatefulSetStatus } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { availabilityDueMs } from "#control-plane/controllers/pod-availability";
import { revisionNameOf } from "#control-plane/controllers/stateful-set/identity";
import type { Replicas } from "#control-plane/controllers/stateful-set/plan";
import {
  isRunningAndAvailable,
  isRunningAndReady,
  isTerminating,
} from "#control-plane/controllers/stateful-set/pod-state";

/** Status as `kubectl rollout status` reads it: an update is complete when currentRevision is updateRevision. */
export function planStatus(replicas: Replicas): Action[] {
  const { statefulSet, byOrdinal, nowMs } = replicas;
  const status = nextStatus(replicas);
  const actions: Action[] = [];
  if (!isSemanticallyEqual(withoutZeros(statefulSet.status), withoutZeros(status))) {
    // Its resourceVersion may be stale after other writes of this plan; nobody else writes this status.
    const { resourceVersion: _, ...metadata } = statefulSet.metadata;
    const object: StatefulSet = { ...statefulSet, metadata, status };
    actions.push({ type: "updateStatus", kind: statefulSetKind, object });
  }
  const minReadySeconds = statefulSet.spec.minReadySeconds ?? 0;
  const isWaiting = (pod: Pod): boolean =>
    isPodReady(pod) &&
    isRunningAndReady(pod) &&
    !isRunningAndAvailable(pod, minReadySeconds, nowMs);
  const dueMs = availabilityDueMs([...byOrdinal.values()].filter(isWaiting), minReadySeconds);
  if (dueMs !== undefined) {
    actions.push({ type: "requeue", afterMs: Math.max(1, dueMs - nowMs) });
  }
  return actions;
}

function nextStatus(replicas: Replicas): StatefulSetStatus {
  const { statefulSet, byOrdinal, current, update, nowMs } = replicas;
  const minReadySeconds = statefulSet.spec.minReadySeconds ?? 0;
  const pods = [...byOrdinal.values()];
  const madeFrom = (revision: string): number =>
    pods.filter((pod) => !isTerminating(pod) && revisionNameOf(pod) === revision).length;
  const readyReplicas = pods.filter(isRunningAndReady).length;
  const updatedReplicas = madeFrom(update.name);
  const status: StatefulSetStatus = {
    ...statefulSet.status,
    observedGeneration: statefulSet.metadata.generation,
    replicas: pods.length,
    readyReplicas,
    availableReplicas: pods.filter((pod) => isRunningAndAvailable(pod, minReadySeconds, nowMs))
      .length,
    currentReplicas: madeFrom(current.name),
    updatedReplicas,
    currentRevision: current.name,
    updateRevision: update.name,
  };
  const wanted = statefulSet.spec.replicas ?? 1;
  const isRolling = statefulSet.spec.updateStrategy?.type === "RollingUpdate";
  const isComplete =
    isRolling && [updatedReplicas, pods.length, readyReplicas].every((count) => count === wanted);
  return isComplete
    ? { ...status, currentReplicas: updatedReplicas, currentRevision: update.name }
    : status;
}

/** Zero and absent are the same number: the API leaves zeros out. */
function withoutZeros(status: Partial<StatefulSetStatus> = {}): object {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
}
