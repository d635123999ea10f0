import { isPodTerminal } from "#api/kinds/pod-status";
import { replicaSetKind } from "#api/kinds/replica-set";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { Deployment, ReplicaSet } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import type { DeploymentInput } from "#control-plane/controllers/deployment/controller";
import {
  annotate,
  newReplicaSet,
  nextRevision,
} from "#control-plane/controllers/deployment/new-replica-set";
import {
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
  { deployment, candidates, pods }: DeploymentInput,
  nowMs: number,
): Action[] {
  const selector = selectorFromLabelSelector(deployment.spec.selector);
  const { owned, actions } = claim(deployment, replicaSetKind, selector, candidates);
  const { current, old } = split(deployment, owned);
  if (deployment.metadata.deletionTimestamp) {
    return [...actions, ...planStatus(deployment, { current, old }, nowMs)];
  }
  const rollout: Rollout = { deployment, current, old };
  const oldPods = pods.filter(
    (pod) => old.some((set) => isOwnedBy(pod, set)) && !isPodTerminal(pod),
  );
  const steps = planSteps(rollout, oldPods.length > 0);
  return [
    ...actions,
    ...planStatus(deployment, { current, old }, nowMs),
    ...steps,
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
  const scaling = planScaling(rollout);
  if (deployment.spec.paused || scaling.length > 0) return scaling;
  if (deployment.spec.strategy?.type === "Recreate") {
    const stopping = planRecreate(rollout);
    if (stopping.length > 0 || hasOldPods) return stopping;
  }
  if (!current) return [newReplicaSet(rollout)];
  const revision = annotate(current, rollout, nextRevision(rollout));
  if (revision) return [revision];
  return planRolling(rollout);
}

/** Old ReplicaSets beyond revisionHistoryLimit go, once the roll-out is complete. */
function planHistory({ deployment, current, old }: Rollout): Action[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const replicas = deployment.spec.replicas ?? 1;
  const isComplete =
    current?.status?.availableReplicas === replicas &&
    old.every((set) => (set.status?.replicas ?? 0) === 0);
  if (!isComplete) return [];
  const removable = old.filter(
    ({ spec, status, metadata }) =>
      spec.replicas === 0 &&
      (status?.replicas ?? 0) === 0 &&
      !metadata.deletionTimestamp &&
      (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
  );
  return removable
    .slice(0, Math.max(0, removable.length - limit))
    .map((set) => ({ type: "delete", kind: replicaSetKind, target: targetOf(set) }));
}

function isOwnedBy(
  pod: { metadata: { ownerReferences?: { uid: string }[] | undefined } },
  set: ReplicaSet,
): boolean {
  return pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) ?? false;
}
