import { deploymentKind } from "#api/kinds/deployment";
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { minAvailable, replicasOf } from "#control-plane/controllers/deployment/rolling";
import { REVISION, revisionOf } from "#control-plane/controllers/deployment/new-replica-set";
import { toTime } from "#kit/clock";

/** Status and conditions of a Deployment as `kubectl rollout status` and `kubectl wait` read them. */
interface Sets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export function planStatus(deployment: Deployment, sets: Sets, nowMs: number): Action[] {
  const status = nextStatus(deployment, sets, nowMs);
  const actions: Action[] = [];
  const revision = sets.current && String(revisionOf(sets.current));
  if (revision && revision !== "0" && deployment.metadata.annotations?.[REVISION] !== revision) {
    actions.push({
      type: "patch",
      kind: deploymentKind,
      target: {
        namespace: deployment.metadata.namespace,
        name: deployment.metadata.name,
        uid: deployment.metadata.uid,
      },
      body: { metadata: { annotations: { [REVISION]: revision } } },
    });
  }
  if (!isSame(deployment.status, status)) {
    const object = { ...deployment, status } as Deployment;
    // Its own resourceVersion would be stale after the patch above; status writes touch nothing else.
    actions.push({ type: "updateStatus", kind: deploymentKind, object: withoutVersion(object) });
  }
  return [...actions, ...planDeadline(deployment, status, nowMs)];
}

function nextStatus(
  deployment: Deployment,
  { current, old }: Sets,
  nowMs: number,
): DeploymentStatus {
  const all = [...old, ...(current ? [current] : [])];
  const total = (count: (set: ReplicaSet) => number | undefined): number =>
    all.reduce((sum, set) => sum + (count(set) ?? 0), 0);
  const available = total((set) => set.status?.availableReplicas);
  const replicas = total(({ status }) => status?.replicas);
  const wanted = total(replicasOf);
  const counts = {
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(({ status }) => status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    terminatingReplicas: total(({ status }) => status?.terminatingReplicas),
  };
  return {
    observedGeneration: deployment.metadata.generation,
    ...counts,
    ...(deployment.status?.collisionCount
      ? { collisionCount: deployment.status.collisionCount }
      : {}),
    conditions: nextConditions(deployment, { current, old }, counts, nowMs),
  };
}

type Counts = Pick<
  Required<DeploymentStatus>,
  "replicas" | "updatedReplicas" | "availableReplicas" | "readyReplicas"
>;
type Verdict = Pick<DeploymentCondition, "type" | "status" | "reason" | "message">;

function nextConditions(
  deployment: Deployment,
  sets: Sets,
  counts: { [K in keyof Counts]: number | undefined },
  nowMs: number,
): DeploymentCondition[] {
  const available = counts.availableReplicas ?? 0;
  const isAvailable = available >= minAvailable(deployment);
  const verdicts: (Verdict | undefined)[] = [
    isAvailable
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
        },
    progressing(deployment, sets, counts, nowMs),
    replicaFailure(sets),
  ];
  const isMoving = hasProgressed(deployment, counts);
  return verdicts.flatMap((verdict) =>
    verdict ? [stamp(deployment, verdict, isMoving, nowMs)] : [],
  );
}

function progressing(
  deployment: Deployment,
  { current }: Sets,
  counts: { [K in keyof Counts]: number | undefined },
  nowMs: number,
): Verdict | undefined {
  const known = deployment.status?.conditions?.find(({ type }) => type === "Progressing");
  if (deployment.spec.progressDeadlineSeconds === 2147483647) return known;
  if (deployment.spec.paused) {
    return {
      type: "Progressing",
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    };
  }
  const name = current
    ? `ReplicaSet "${current.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, counts)) {
    return {
      type: "Progressing",
      status: "True",
      reason: "NewReplicaSetAvailable",
      message: `${name} has successfully progressed.`,
    };
  }
  if (!current) {
    return {
      type: "Progressing",
      status: "True",
      reason: "ReplicaSetUpdated",
      message: `${name} is progressing.`,
    };
  }
  if (
    known?.reason === "ProgressDeadlineExceeded" &&
    !hasProgressed(deployment, counts) &&
    isSameRollout(deployment)
  ) {
    return known;
  }
  const sinceMs = known?.lastUpdateTime ? Date.parse(known.lastUpdateTime) : nowMs;
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const wasMoving =
    known?.status === "True" &&
    known.reason !== "NewReplicaSetAvailable" &&
    isSameRollout(deployment);
  if (wasMoving && !hasProgressed(deployment, counts) && nowMs - sinceMs >= deadlineMs) {
    return {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `${name} has timed out progressing.`,
    };
  }
  return {
    type: "Progressing",
    status: "True",
    reason: "ReplicaSetUpdated",
    message: `${name} is progressing.`,
  };
}

function replicaFailure({ current, old }: Sets): Verdict | undefined {
  const failing = [...(current ? [current] : []), ...old]
    .flatMap((set) => set.status?.conditions ?? [])
    .find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return (
    failing && {
      type: "ReplicaFailure",
      status: "True",
      reason: failing.reason,
      message: failing.message,
    }
  );
}

function isComplete(
  deployment: Deployment,
  counts: { [K in keyof Counts]: number | undefined },
): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    counts.updatedReplicas === replicas &&
    counts.replicas === replicas &&
    counts.availableReplicas === replicas
  );
}

/** The status was made for this very spec: otherwise a new roll-out begins and its deadline with it. */
function isSameRollout(deployment: Deployment): boolean {
  return deployment.status?.observedGeneration === deployment.metadata.generation;
}

function hasProgressed(
  deployment: Deployment,
  counts: { [K in keyof Counts]: number | undefined },
): boolean {
  const before = deployment.status ?? {};
  const oldOf = (status: {
    replicas?: number | undefined;
    updatedReplicas?: number | undefined;
  }): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (counts.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOf(counts) < oldOf(before) ||
    (counts.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function stamp(
  deployment: Deployment,
  verdict: Verdict,
  isMoving: boolean,
  nowMs: number,
): DeploymentCondition {
  const known = deployment.status?.conditions?.find(({ type }) => type === verdict.type);
  const now = toTime(nowMs);
  const isNew = known?.status !== verdict.status || known.reason !== verdict.reason;
  const restartsDeadline =
    verdict.type === "Progressing" &&
    verdict.status === "True" &&
    (isMoving || !isSameRollout(deployment));
  return {
    ...verdict,
    lastTransitionTime: known?.status === verdict.status ? known.lastTransitionTime : now,
    lastUpdateTime:
      isNew || restartsDeadline || known?.message !== verdict.message ? now : known.lastUpdateTime,
  };
}

/** Time alone makes a roll-out fail: look again when the deadline is over. */
function planDeadline(deployment: Deployment, status: DeploymentStatus, nowMs: number): Action[] {
  const condition = status.conditions?.find(({ type }) => type === "Progressing");
  if (condition?.status !== "True" || condition.reason === "NewReplicaSetAvailable") return [];
  const deadlineSeconds = deployment.spec.progressDeadlineSeconds ?? 600;
  const sinceMs = condition.lastUpdateTime ? Date.parse(condition.lastUpdateTime) : nowMs;
  return [{ type: "requeue", afterMs: Math.max(1000, sinceMs + deadlineSeconds * 1000 - nowMs) }];
}

function withoutVersion(deployment: Deployment): Deployment {
  const { resourceVersion: _, ...metadata } = deployment.metadata;
  return { ...deployment, metadata };
}

/** Zero and absent are the same number: the API leaves zeros out. */
function isSame(before: DeploymentStatus | undefined, next: DeploymentStatus): boolean {
  const read = (status: DeploymentStatus | undefined): string => {
    const { conditions, ...counts } = status ?? {};
    const set = Object.entries(counts)
      .filter(([, value]) => value)
      .sort();
    return JSON.stringify([
      set,
      [...(conditions ?? [])].sort((a, b) => (a.type < b.type ? -1 : 1)).map(plain),
    ]);
  };
  return read(before) === read(next);
}

function plain({
  type,
  status,
  reason,
  message,
  lastUpdateTime,
  lastTransitionTime,
}: DeploymentCondition): unknown {
  return [type, status, reason, message, lastUpdateTime, lastTransitionTime];
}
