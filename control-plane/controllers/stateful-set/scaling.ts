import { isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { claimsOf } from "#control-plane/controllers/stateful-set/claims";
import {
  createPod,
  deletePod,
  startOrdinal,
} from "#control-plane/controllers/stateful-set/identity";
import type { NamedTemplate, Replicas } from "#control-plane/controllers/stateful-set/plan";
import {
  isHealthy,
  isRunningAndAvailable,
  isTerminating,
} from "#control-plane/controllers/stateful-set/pod-state";

/**
 * Creates what is missing, upwards; then deletes what is too much, downwards.
 * Invariants:
 * - With OrderedReady, nothing is created or deleted while a pod before it in that order is not available.
 * - A pod that is stopping, also one on a node that nobody hears of, is waited for: its name stays its own
 *   until the API no longer has it.
 */
export interface Scaling {
  readonly actions: readonly Action[];
  /** Nothing more to do, and nothing to wait for: an update may begin. */
  readonly isDone: boolean;
}

/** The most pods that one look creates, and deletes, with Parallel. */
const MAX_BURST = 500;

export function planScaling(replicas: Replicas): Scaling {
  return isParallel(replicas) ? planAtOnce(replicas) : planInOrder(replicas);
}

export function isParallel({ statefulSet }: Replicas): boolean {
  return statefulSet.spec.podManagementPolicy === "Parallel";
}

function planInOrder(replicas: Replicas): Scaling {
  for (const ordinal of replicas.wanted) {
    const actions = planOne(replicas, ordinal);
    if (actions.length > 0) return { actions, isDone: false };
    const pod = replicas.byOrdinal.get(ordinal);
    if (!pod || isTerminating(pod) || !isAvailable(replicas, pod)) return waiting;
  }
  const [next] = replicas.condemned;
  if (!next) return { actions: [], isDone: true };
  // The one that is to go may be what ails; any other that is not available is waited for.
  const isBlocked =
    isTerminating(next) || (!isAvailable(replicas, next) && next !== firstUnhealthy(replicas));
  return isBlocked ? waiting : { actions: [deletePod(replicas.statefulSet, next)], isDone: false };
}

const waiting: Scaling = { actions: [], isDone: false };

function planAtOnce(replicas: Replicas): Scaling {
  const { statefulSet, wanted, condemned } = replicas;
  const surplus = condemned.filter((pod) => !isTerminating(pod)).slice(0, MAX_BURST);
  const actions = [
    ...wanted.flatMap((ordinal) => planOne(replicas, ordinal)).slice(0, MAX_BURST),
    ...surplus.map((pod) => deletePod(statefulSet, pod)),
  ];
  return { actions, isDone: actions.length === 0 };
}

/** Makes the pod of an ordinal, or clears away one that has ended. */
function planOne(replicas: Replicas, ordinal: number): Action[] {
  const { statefulSet } = replicas;
  const pod = replicas.byOrdinal.get(ordinal);
  if (!pod) {
    const { actions, isUsable } = claimsOf(replicas, ordinal);
    const template = templateFor(replicas, ordinal);
    return isUsable ? [...actions, createPod(statefulSet, ordinal, template)] : actions;
  }
  // Somebody took its claim away before it could start.
  if (pod.status?.phase === "Pending") return claimsOf(replicas, ordinal).actions;
  if (!isPodTerminal(pod) || isTerminating(pod)) return [];
  return [recreationEvent(replicas, pod), deletePod(statefulSet, pod)];
}

function recreationEvent({ statefulSet }: Replicas, pod: Pod): Action {
  const { namespace, name } = statefulSet.metadata;
  const isFailed = pod.status?.phase === "Failed";
  const state = isFailed ? "failed" : "terminated";
  return {
    type: "event",
    event: {
      about: statefulSet,
      type: isFailed ? "Warning" : "Normal",
      reason: isFailed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
      message: `StatefulSet ${namespace}/${name} is recreating ${state} Pod ${pod.metadata.name}`,
    },
  };
}

/** What an update has not reached, or is kept from by its partition, comes back as it was. */
function templateFor({ statefulSet, current, update }: Replicas, ordinal: number): NamedTemplate {
  const { type, rollingUpdate } = statefulSet.spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") return update;
  const kept = rollingUpdate?.partition ?? statefulSet.status?.currentReplicas ?? 0;
  return ordinal < startOrdinal(statefulSet) + kept ? current : update;
}

function isAvailable({ statefulSet, nowMs }: Replicas, pod: Pod): boolean {
  return isRunningAndAvailable(pod, statefulSet.spec.minReadySeconds ?? 0, nowMs);
}

/** In the order in which pods are made. */
function firstUnhealthy({ wanted, byOrdinal, condemned }: Replicas): Pod | undefined {
  const kept = wanted.flatMap((ordinal) => byOrdinal.get(ordinal) ?? []);
  return [...kept, ...[...condemned].reverse()].find((pod) => !isHealthy(pod));
}
