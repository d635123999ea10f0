import { deploymentKind } from "#api/kinds/deployment";
import { awaitsConfig } from "#api/kinds/deployment-config";
import { strategyOf } from "#api/kinds/deployment-strategy";
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
import { strategyStatus } from "#control-plane/controllers/deployment/strategy/describe";
import { type Look, lookAt } from "#control-plane/controllers/deployment/strategy/look";
import {
  forgetStrategy,
  planAlarm,
  planSizes,
  planTraffic,
} from "#control-plane/controllers/deployment/strategy/plan";
import { isSameTemplate } from "#control-plane/controllers/deployment/template";
import { claim } from "#control-plane/controllers/ownership";

/**
 * One look at a Deployment: which ReplicaSet is the new one, how the others give way to it, what its status
 * says. Source of the rules: Kubernetes, "Deployments".
 */
export function planDeployment(
  { deployment, candidates, pods, namesake, reports, slices }: DeploymentInput,
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
  const strategy = strategyOf(deployment);
  const look = strategy && lookAt(rollout, strategy, { pods, reports, slices }, nowMs);
  const steps = planSteps(rollout, pods.some(isOld), look);
  // What is written now is told by the next look, which this write brings about.
  if (steps.some(writesDeployment)) {
    return [...actions, ...steps];
  }
  const told = look && strategyStatus(look);
  const creates = steps.some(({ type }) => type === "create");
  // The name of the new ReplicaSet is taken by another: the next hash gives another name.
  if (creates && namesake) {
    return [...actions, ...planStatus(rollout, { nowMs, isCollision: true, strategy: told })];
  }
  return [
    ...actions,
    ...steps,
    ...planStatus(rollout, {
      nowMs,
      strategy: told,
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

/** The configuration that a template means is not known yet: nothing is started from it. */
function isHeld({ deployment, current }: Rollout): boolean {
  return !current && awaitsConfig(deployment);
}

function planSteps(rollout: Rollout, hasOldPods: boolean, look: Look | undefined): Action[] {
  const { deployment, current } = rollout;
  if (isHeld(rollout)) return [];
  // Who serves comes before everything else: a return is to be the first write.
  const traffic = look ? planTraffic(look) : forgetStrategy(deployment);
  const isFirst = !current && rollout.old.length === 0 && !deployment.spec.paused;
  // Nobody serves yet: whom the traffic names is made in the same look.
  if (traffic) return look && isFirst ? [...traffic, newReplicaSet(rollout)] : traffic;
  // The revision first: whatever happens to a ReplicaSet next is written over what this made.
  const revision = current && annotate(current, rollout, nextRevision(rollout));
  if (revision) return [revision];
  if (look && look.strategy.type !== "rolling") return planSizes(look);
  if (deployment.spec.paused || isScaled(rollout)) return planScaling(rollout);
  if (isRecreate(deployment)) {
    const stopping = planRecreate(rollout);
    if (stopping.length > 0 || hasOldPods) return stopping;
  }
  const alarm = look ? planAlarm(look) : [];
  return current ? [...planRolling(rollout), ...alarm] : [newReplicaSet(rollout)];
}

function writesDeployment(action: Action): boolean {
  return (action.type === "patch" || action.type === "update") && action.kind === deploymentKind;
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
