import { replicaSetKind } from "#api/kinds/replica-set";
import type { Deployment, IntOrString, ReplicaSet } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  scaleAnnotations,
} from "#control-plane/controllers/deployment/new-replica-set";
import type { Rollout } from "#control-plane/controllers/deployment/plan";

/**
 * How many replicas each ReplicaSet gets next. Never more pods than replicas + maxSurge, never fewer available
 * than replicas - maxUnavailable. Source: Kubernetes, "Deployments: rolling update".
 */
export function replicasOf(set: ReplicaSet | undefined): number {
  return set?.spec.replicas ?? 0;
}

export function availableOf(set: ReplicaSet | undefined): number {
  return set?.status?.availableReplicas ?? 0;
}

function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

/** maxSurge is rounded up, maxUnavailable down; both 0 would never move, so one pod may then be missing. */
function fenceposts(deployment: Deployment): { maxSurge: number; maxUnavailable: number } {
  const replicas = deployment.spec.replicas ?? 1;
  if (isRecreate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const maxSurge = resolve(rolling?.maxSurge ?? "25%", replicas, Math.ceil);
  const maxUnavailable = resolve(rolling?.maxUnavailable ?? "25%", replicas, Math.floor);
  const isStuck = maxSurge === 0 && maxUnavailable === 0;
  return { maxSurge, maxUnavailable: Math.min(isStuck ? 1 : maxUnavailable, replicas) };
}

export function isRecreate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type === "Recreate";
}

function resolve(value: IntOrString, total: number, round: (share: number) => number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? round((Number(value.slice(0, -1)) * total) / 100) : Number(value);
}

export function maxPods(deployment: Deployment): number {
  const replicas = deployment.spec.replicas ?? 1;
  return replicas === 0 ? 0 : replicas + fenceposts(deployment).maxSurge;
}

/** With Recreate all must be there to count as available, though none need be while it is at work. */
export function minAvailable(deployment: Deployment): number {
  return (deployment.spec.replicas ?? 1) - fenceposts(deployment).maxUnavailable;
}

/** What the new ReplicaSet may have now, given what the old ones still have. */
export function newReplicas({ deployment, current, old }: Rollout): number {
  const replicas = deployment.spec.replicas ?? 1;
  if (isRecreate(deployment)) return replicas;
  const total = sum(old, replicasOf) + replicasOf(current);
  const room = maxPods(deployment) - total;
  if (room <= 0) return replicasOf(current);
  return replicasOf(current) + Math.min(room, replicas - replicasOf(current));
}

/** The next step of a rolling update: first up, then (when nothing is to be scaled up) down. */
export function planRolling(rollout: Rollout): Action[] {
  const { deployment, current } = rollout;
  if (!current) return [];
  const replicas = deployment.spec.replicas ?? 1;
  const wanted = replicasOf(current) > replicas ? replicas : newReplicas(rollout);
  if (wanted !== replicasOf(current)) return [scale(deployment, current, wanted)];
  return planScaleDown(rollout, current);
}

function planScaleDown({ deployment, old }: Rollout, current: ReplicaSet): Action[] {
  const total = sum(old, replicasOf) + replicasOf(current);
  const newUnavailable = replicasOf(current) - availableOf(current);
  let unhealthyBudget = total - minAvailable(deployment) - newUnavailable;
  if (unhealthyBudget <= 0) return [];
  // Unhealthy old pods serve nobody: they go first and cost no availability.
  const next = new Map(old.map((set) => [set, replicasOf(set)]));
  for (const [set, count] of next) {
    const unhealthy = Math.min(unhealthyBudget, Math.max(0, count - availableOf(set)));
    next.set(set, count - unhealthy);
    unhealthyBudget -= unhealthy;
  }
  const available =
    sum(old, (set) => Math.min(availableOf(set), next.get(set) ?? 0)) + availableOf(current);
  let budget = Math.max(0, available - minAvailable(deployment));
  for (const [set, count] of next) {
    const taken = Math.min(budget, count);
    next.set(set, count - taken);
    budget -= taken;
  }
  return [...next].flatMap(([set, count]) =>
    count === replicasOf(set) ? [] : [scale(deployment, set, count)],
  );
}

/** Recreate: every old pod goes before the first new one comes. */
export function planRecreate({ deployment, old }: Rollout): Action[] {
  return old.filter((set) => replicasOf(set) > 0).map((set) => scale(deployment, set, 0));
}

/** `kubectl scale` came since the ReplicaSets were last scaled. */
export function isScaled({ deployment, current, old }: Rollout): boolean {
  const replicas = String(deployment.spec.replicas ?? 1);
  return activeOf({ deployment, current, old }).some((set) => {
    const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
    return desired !== undefined && desired !== replicas;
  });
}

/**
 * `kubectl scale` in the middle of a roll-out (or while paused): every ReplicaSet with pods grows or shrinks
 * in proportion, so that the roll-out stays where it was.
 */
export function planScaling(rollout: Rollout): Action[] {
  const { deployment, current, old } = rollout;
  const replicas = deployment.spec.replicas ?? 1;
  const active = activeOf(rollout);
  const only =
    active.length === 0 ? (current ?? old.at(-1)) : active.length === 1 ? active[0] : undefined;
  if (only) {
    return replicasOf(only) === replicas
      ? refresh(deployment, only)
      : [scale(deployment, only, replicas)];
  }
  // The roll-out is over but for the remains of the old.
  if (isSaturated(rollout)) return planRecreate(rollout);
  return isRecreate(deployment) ? [] : proportional(deployment, active, current);
}

function activeOf({ current, old }: Rollout): ReplicaSet[] {
  return [...old, ...(current ? [current] : [])].filter((set) => replicasOf(set) > 0);
}

function isSaturated({ deployment, current }: Rollout): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    current !== undefined &&
    replicasOf(current) === replicas &&
    Number(current.metadata.annotations?.[DESIRED_REPLICAS]) === replicas &&
    availableOf(current) === replicas
  );
}

function proportional(
  deployment: Deployment,
  active: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): Action[] {
  const allowed = maxPods(deployment);
  const toAdd = allowed - sum(active, replicasOf);
  // The largest first: it takes what rounding leaves over. Of equals the newer grows, the older shrinks.
  const newestFirst = [...active].reverse();
  const ordered = (toAdd > 0 ? newestFirst : [...active]).sort(
    (a, b) => replicasOf(b) - replicasOf(a),
  );
  let left = toAdd;
  const next = new Map<ReplicaSet, number>();
  for (const set of ordered) {
    const noted = set.metadata.annotations?.[MAX_REPLICAS];
    const before = Number(noted ?? deployment.status?.replicas ?? 0);
    const share =
      before === 0 ? 0 : Math.round((replicasOf(set) * allowed) / before) - replicasOf(set);
    const change =
      left > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    next.set(set, replicasOf(set) + change);
    left -= change;
  }
  const [largest] = ordered;
  if (largest) next.set(largest, Math.max(0, (next.get(largest) ?? 0) + left));
  // The new one last: should a write fail, it is still seen that scaling is not over.
  const order = [...next].sort(([a], [b]) => Number(a === current) - Number(b === current));
  return order.flatMap(([set, count]) =>
    count === replicasOf(set) ? refresh(deployment, set) : [scale(deployment, set, count)],
  );
}

/** Notes on a ReplicaSet which numbers it was last scaled by. */
function refresh(deployment: Deployment, set: ReplicaSet): Action[] {
  const annotations = scaleAnnotations(deployment);
  const has = set.metadata.annotations ?? {};
  if (Object.entries(annotations).every(([key, value]) => has[key] === value)) return [];
  return [
    {
      type: "patch",
      kind: replicaSetKind,
      target: targetOf(set),
      body: { metadata: { annotations } },
    },
  ];
}

export function scale(deployment: Deployment, set: ReplicaSet, replicas: number): Action {
  const from = replicasOf(set);
  const direction = replicas > from ? "up" : "down";
  return {
    type: "update",
    kind: replicaSetKind,
    object: {
      ...set,
      metadata: {
        ...set.metadata,
        annotations: { ...set.metadata.annotations, ...scaleAnnotations(deployment) },
      },
      spec: { ...set.spec, replicas },
    } as ReplicaSet,
    event: {
      about: deployment,
      type: "Normal",
      reason: "ScalingReplicaSet",
      message: `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${replicas}`,
    },
  };
}
