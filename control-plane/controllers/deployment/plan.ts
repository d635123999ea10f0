import { isPodTerminal } from "#api/kinds/pod-status";
import { replicaSetKind } from "#api/kinds/replica-set";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { isControlledBy } from "#api/machinery/meta";
import type { Deployment, Pod, ReplicaSet } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import type { DeploymentInput } from "#control-plane/controllers/deployment/controller";
import {
  annotate,
  newReplicaSet,
  newReplicaSetName,
  nextRevision,
  revisionOf,
} from "#control-plane/controllers/deployment/new-replica-set";
import {
  isRecreate,
  isScaled,
  planRecreate,
  planRolling,
  planScaling,
} from "#control-plane/controllers/deployment/rolling";
import { planStatus } from "#control-plane/controllers/deployment/status";
import { isSameTemplate } from "#control-plane/controllers/deployment/template";
import { claim } from "#control-plane/controllers/ownership";

/**
 * One look at a Deployment: which ReplicaSet is the new one, how the others give way to it, what its status
 * says. Source of the rules: Kubernetes, "Deployments".
 */
export function planDeployment(
  { deployment, candidates, pods, namesake }: DeploymentInput,
  nowMs: number,
): Action[] {
  const selector = selectorFromLabelSelector(deployment.spec.selector);
  const { owned, actions } = claim(deployment, replicaSetKind, selector, candidates);
  const { current, old } = split(deployment, owned);
  const rollout: Rollout = { deployment, current, old };
  if (deployment.metadata.deletionTimestamp) {
    return [...actions, ...planStatus(rollout, { nowMs })];
  }
  const isOld = (pod: Pod): boolean =>
    old.some((set) => isControlledBy(pod, set)) && !isPodTerminal(pod);
  const steps = planSteps(rollout, pods.some(isOld));
  const creates = steps.some(({ type }) => type === "create");
  // The name of the new ReplicaSet is taken by another: the next hash gives another name.
  if (creates && namesake) {
    return [...actions, ...planStatus(rollout, { nowMs, isCollision: true })];
  }
  return [
    ...actions,
    ...steps,
    ...planStatus(rollout, {
      nowMs,
      ...(creates ? { creates: newReplicaSetName(deployment) } : {}),
    }),
    ...planHistory(rollout),
  ];
}

export interface Rollout {
  readonly deployment: Deployment;
  /** The ReplicaSet of the present template, once it exists. */
  readonly current: ReplicaSet | undefined;
  /** The others, oldest first. */
  readonly old: readonly ReplicaSet[];
}

function split(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): { current: ReplicaSet | undefined; old: ReplicaSet[] } {
  const created = ({ metadata }: ReplicaSet): string =>
    `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  const sorted = [...owned].sort((a, b) => (created(a) < created(b) ? -1 : 1));
  const current = sorted.find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
  return { current, old: sorted.filter((set) => set !== current) };
}

function planSteps(rollout: Rollout, hasOldPods: boolean): Action[] {
  const { deployment, current } = rollout;
  // The revision first: whatever happens to a ReplicaSet next is written over what this made.
  const revision = current && annotate(current, rollout, nextRevision(rollout));
  if (revision) return [revision];
  if (deployment.spec.paused || isScaled(rollout)) return planScaling(rollout);
  if (isRecreate(deployment)) {
    const stopping = planRecreate(rollout);
    if (stopping.length > 0 || hasOldPods) return stopping;
  }
  return current ? planRolling(rollout) : [newReplicaSet(rollout)];
}

/** Old ReplicaSets beyond revisionHistoryLimit go, once the roll-out is complete (or while it is paused). */
function planHistory({ deployment, current, old }: Rollout): Action[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const replicas = deployment.spec.replicas ?? 1;
  const isComplete =
    (current?.status?.availableReplicas ?? 0) === replicas &&
    current?.status?.replicas === replicas &&
    old.every(({ status }) => (status?.replicas ?? 0) === 0);
  if (!isComplete && !deployment.spec.paused) return [];
  const alive = old.filter(({ metadata }) => !metadata.deletionTimestamp);
  return [...alive]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, alive.length - limit))
    .filter(isEmpty)
    .map((set) => ({ type: "delete", kind: replicaSetKind, target: targetOf(set) }));
}

function isEmpty({ spec, status, metadata }: ReplicaSet): boolean {
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return spec.replicas === 0 && (status?.replicas ?? 0) === 0 && isObserved;
}
