import { deploymentKind } from "#api/kinds/deployment";
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { mayTimeOut, nextConditions } from "#control-plane/controllers/deployment/conditions";
import { REVISION } from "#api/kinds/deployment-revision";
import { revisionOf } from "#control-plane/controllers/deployment/new-replica-set";
import type { Rollout } from "#control-plane/controllers/deployment/plan";
import { replicasOf } from "#control-plane/controllers/deployment/rolling";

/** Status of a Deployment as `kubectl rollout status` and `kubectl wait` read it. */
export interface StatusContext {
  readonly nowMs: number;
  /** The name of the ReplicaSet that this very plan creates. */
  readonly creates?: string;
  readonly isCollision?: boolean;
  /** Where the Deployment is rolled out by a strategy of ours. */
  readonly strategy?: StrategyStatus | undefined;
}

export interface StrategyStatus {
  readonly phase: DeploymentCondition | undefined;
  readonly isHolding: boolean;
  /** When the present attempt or its step began. */
  readonly sinceMs: number;
  /** Why the last attempt went back, while the former version serves. */
  readonly refusal: string | undefined;
}

export function planStatus(rollout: Rollout, context: StatusContext): Action[] {
  const { deployment, current } = rollout;
  const status = nextStatus(rollout, context);
  const actions: Action[] = [];
  const revision = current && String(revisionOf(current));
  if (revision && revision !== "0" && deployment.metadata.annotations?.[REVISION] !== revision) {
    const body = { metadata: { annotations: { [REVISION]: revision } } };
    actions.push({ type: "patch", kind: deploymentKind, target: targetOf(deployment), body });
  }
  if (!isSame(deployment.status, status)) {
    // Its resourceVersion would be stale after a patch; nobody else writes this status.
    const { resourceVersion: _, ...metadata } = deployment.metadata;
    const object: Deployment = { ...deployment, metadata, status };
    actions.push({ type: "updateStatus", kind: deploymentKind, object });
  }
  return [...actions, ...planDeadline(deployment, status, context.nowMs)];
}

function nextStatus(rollout: Rollout, context: StatusContext): DeploymentStatus {
  const { deployment, current, old } = rollout;
  const all = [...old, ...(current ? [current] : [])];
  const total = (count: (set: ReplicaSet) => number | undefined): number =>
    all.reduce((sum, set) => sum + (count(set) ?? 0), 0);
  const availableReplicas = total((set) => set.status?.availableReplicas);
  const counts = {
    replicas: total(({ status }) => status?.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(({ status }) => status?.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, total(replicasOf) - availableReplicas),
    terminatingReplicas: total(({ status }) => status?.terminatingReplicas),
  };
  const collisionCount = (deployment.status?.collisionCount ?? 0) + (context.isCollision ? 1 : 0);
  return {
    observedGeneration: deployment.metadata.generation,
    ...counts,
    ...(collisionCount > 0 ? { collisionCount } : {}),
    conditions: nextConditions(rollout, counts, context),
  };
}

/** Time alone makes a roll-out fail: look again when the deadline is over. */
function planDeadline(deployment: Deployment, status: DeploymentStatus, nowMs: number): Action[] {
  const condition = status.conditions?.find(({ type }) => type === "Progressing");
  if (!condition || !mayTimeOut(condition)) return [];
  const deadlineSeconds = deployment.spec.progressDeadlineSeconds ?? 600;
  const sinceMs = condition.lastUpdateTime ? Date.parse(condition.lastUpdateTime) : nowMs;
  return [{ type: "requeue", afterMs: Math.max(1000, sinceMs + deadlineSeconds * 1000 - nowMs) }];
}

/** Zero and absent are the same number: the API leaves zeros out. */
function isSame(before: DeploymentStatus | undefined, next: DeploymentStatus): boolean {
  return canonical(before) === canonical(next);
}

function canonical({ conditions = [], ...counts }: DeploymentStatus = {}): string {
  const numbers = Object.entries(counts).filter(([, value]) => value);
  const states = conditions.map(({ type, status, reason, message, lastUpdateTime }) => [
    type,
    [status, reason, message, lastUpdateTime],
  ]);
  return JSON.stringify([numbers.sort(), states.sort()]);
}
