import { awaitsConfig, configReferences } from "#api/kinds/deployment-config";
import type { Deployment, DeploymentCondition, DeploymentStatus } from "#api/schema/types";
import type { Rollout } from "#control-plane/controllers/deployment/plan";
import { minAvailable } from "#control-plane/controllers/deployment/rolling";
import type { StatusContext } from "#control-plane/controllers/deployment/status";
import { toTime } from "#kit/clock";

/**
 * The conditions Available, Progressing and ReplicaFailure. Progressing carries the deadline: its
 * lastUpdateTime is when the roll-out last moved. Source: Kubernetes, "Deployment status".
 */
export type Counts = Pick<
  DeploymentStatus,
  "replicas" | "updatedReplicas" | "availableReplicas" | "readyReplicas"
>;

interface Verdict extends Pick<DeploymentCondition, "type" | "status" | "reason" | "message"> {
  /** The roll-out has moved: its deadline starts anew. */
  readonly isMoving?: boolean;
}

/** progressDeadlineSeconds of those who want none. */
export const NO_DEADLINE = 2147483647;
const NEW_AVAILABLE = "NewReplicaSetAvailable";
export const TIMED_OUT = "ProgressDeadlineExceeded";
export const PAUSED = "DeploymentPaused";
/** A strategy waits for a time or a word, not for pods: no deadline runs. */
export const HOLDING = "RolloutHolding";
/** What the pods shall read is not there, or not yet copied. */
const AWAITING = "WaitingForConfig";

export function nextConditions(
  rollout: Rollout,
  counts: Counts,
  context: StatusContext,
): DeploymentCondition[] {
  const { deployment } = rollout;
  const verdicts = [
    available(deployment, counts),
    progressing(rollout, counts, context),
    replicaFailure(rollout),
    context.strategy?.phase,
  ];
  return verdicts.flatMap((verdict) =>
    verdict ? [stamp(deployment, verdict, context.nowMs)] : [],
  );
}

function available(deployment: Deployment, counts: Counts): Verdict {
  const isAvailable = (counts.availableReplicas ?? 0) >= minAvailable(deployment);
  return isAvailable
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

function progressing(
  rollout: Rollout,
  counts: Counts,
  context: StatusContext,
): Verdict | undefined {
  const { deployment, current } = rollout;
  const known = knownProgress(deployment);
  if (deployment.spec.progressDeadlineSeconds === NO_DEADLINE) return undefined;
  const { strategy } = context;
  // kubectl and others take this reason for a roll-out that has failed, which it has.
  if (strategy?.refusal) return verdict("False", TIMED_OUT, strategy.refusal);
  if (deployment.spec.paused && known?.reason !== TIMED_OUT) {
    return verdict("Unknown", PAUSED, "Deployment is paused");
  }
  if (context.creates) {
    const message = `Created new replica set "${context.creates}"`;
    return verdict("True", "NewReplicaSetCreated", message, true);
  }
  if (!current && awaitsConfig(deployment)) {
    const names = configReferences(deployment.spec.template.spec)
      .filter(({ isOptional }) => !isOptional)
      .map((one) => `${one.kind} ${one.name}`);
    return verdict("Unknown", AWAITING, `Waiting for ${names.join(", ")}`);
  }
  if (strategy?.isHolding) {
    return verdict("True", HOLDING, "The new version is watched.");
  }
  // What was complete stays so while no other template comes: lost pods are no roll-out.
  const isAtRest = counts.replicas === counts.updatedReplicas && known?.reason === NEW_AVAILABLE;
  if (isAtRest) return known;
  const name = current
    ? `ReplicaSet "${current.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, counts)) {
    return verdict("True", NEW_AVAILABLE, `${name} has successfully progressed.`);
  }
  if (hasProgressed(deployment, counts) || begins(known, context)) {
    return verdict("True", "ReplicaSetUpdated", `${name} is progressing.`, true);
  }
  if (known && isTimedOut(deployment, known, context.nowMs)) {
    return verdict("False", TIMED_OUT, `${name} has timed out progressing.`);
  }
  if (known?.reason === PAUSED) {
    return verdict("Unknown", "DeploymentResumed", "Deployment is resumed");
  }
  if (known || !current) return known;
  return verdict("True", "FoundNewReplicaSet", `Found new replica set "${current.metadata.name}"`);
}

/** Pods are waited for again, or after an earlier attempt that failed: the deadline runs from now. */
function begins(known: DeploymentCondition | undefined, { strategy }: StatusContext): boolean {
  if (known?.reason === HOLDING) return true;
  if (known?.reason !== TIMED_OUT || strategy === undefined) return false;
  return (Date.parse(known.lastUpdateTime ?? "") || 0) <= strategy.sinceMs;
}

function verdict(status: string, reason: string, message: string, isMoving = false): Verdict {
  return { type: "Progressing", status, reason, message, isMoving };
}

function knownProgress({ status }: Deployment): DeploymentCondition | undefined {
  return status?.conditions?.find(({ type }) => type === "Progressing");
}

/** Whether the deadline runs in this state. */
export function mayTimeOut({ reason }: DeploymentCondition): boolean {
  return ![NEW_AVAILABLE, PAUSED, TIMED_OUT, HOLDING, AWAITING].includes(reason ?? "");
}

function isTimedOut(deployment: Deployment, known: DeploymentCondition, nowMs: number): boolean {
  if (known.reason === TIMED_OUT) return true;
  if (!mayTimeOut(known)) return false;
  const sinceMs = Date.parse(known.lastUpdateTime ?? "") || nowMs;
  return nowMs - sinceMs >= (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}

function replicaFailure({ current, old }: Rollout): Verdict | undefined {
  const failing = [...(current ? [current] : []), ...old]
    .flatMap((set) => set.status?.conditions ?? [])
    .find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return failing && { ...failing, type: "ReplicaFailure", status: "True" };
}

function isComplete(deployment: Deployment, counts: Counts): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return [counts.updatedReplicas, counts.replicas, counts.availableReplicas].every(
    (count) => count === replicas,
  );
}

function hasProgressed({ status: before = {} }: Deployment, counts: Counts): boolean {
  const oldOf = (status: Counts): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const hasMore = (name: keyof Counts): boolean => (counts[name] ?? 0) > (before[name] ?? 0);
  return (
    hasMore("updatedReplicas") ||
    oldOf(counts) < oldOf(before) ||
    hasMore("readyReplicas") ||
    hasMore("availableReplicas")
  );
}

function stamp(deployment: Deployment, verdict: Verdict, nowMs: number): DeploymentCondition {
  const { type, status, reason, message, isMoving } = verdict;
  const known = deployment.status?.conditions?.find((condition) => condition.type === type);
  const now = toTime(nowMs);
  const isNew = known?.status !== status || known.reason !== reason || known.message !== message;
  return {
    type,
    status,
    reason,
    message,
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : now,
    lastUpdateTime: isNew || isMoving ? now : known.lastUpdateTime,
  };
}
