import { deploymentKind } from "#api/kinds/deployment";
import { REVISION } from "#api/kinds/deployment-revision";
import { ABORT, keptAnnotations, PROMOTE } from "#api/kinds/deployment-strategy";
import { replicaSetKind } from "#api/kinds/replica-set";
import type { Deployment, DeploymentCondition, ReplicaSet } from "#api/schema/types";
import { type Action, type EventTemplate, targetOf } from "#control-plane/controllers/controller";
import type { Rollout } from "#control-plane/controllers/deployment/plan";
import { maxPods, newReplicas } from "#control-plane/controllers/deployment/rolling";
import { HASH_LABEL, templateHash } from "#control-plane/controllers/deployment/template";
import { controllerReference } from "#control-plane/controllers/ownership";

/** The revisions that a ReplicaSet had before it was rolled back to. */
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

/** Annotations of the Deployment that its ReplicaSets do not repeat. Source: kubectl's rollout history. */
const notCopied = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
  ...keptAnnotations,
  PROMOTE,
  ABORT,
]);

export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** One more than any old one has; the present ReplicaSet keeps its own while it is the newest. */
export function nextRevision({ old }: Rollout): number {
  return Math.max(0, ...old.map(revisionOf)) + 1;
}

export function newReplicaSetName({ metadata, spec, status }: Deployment): string {
  return `${metadata.name}-${templateHash(spec.template, status?.collisionCount ?? 0)}`;
}

/** With as many pods as a rolling update allows, unless said otherwise. */
export function newReplicaSet(rollout: Rollout, replicas = newReplicas(rollout)): Action {
  const { deployment } = rollout;
  const hash = templateHash(deployment.spec.template, deployment.status?.collisionCount ?? 0);
  const template = structuredClone(deployment.spec.template);
  template.metadata = {
    ...template.metadata,
    labels: { ...template.metadata?.labels, [HASH_LABEL]: hash },
  } as typeof template.metadata;
  const { namespace } = deployment.metadata;
  const name = newReplicaSetName(deployment);
  const set = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace,
      labels: template.metadata?.labels,
      annotations: wantedAnnotations(deployment, undefined, nextRevision(rollout)),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      minReadySeconds: deployment.spec.minReadySeconds,
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, [HASH_LABEL]: hash },
      },
      template,
    },
  } as ReplicaSet;
  return {
    type: "create",
    kind: replicaSetKind,
    object: set,
    ...(replicas > 0 ? { event: createdEvent(deployment, name, replicas) } : {}),
    onFailure: (error) => ({
      type: "patch",
      kind: deploymentKind,
      target: targetOf(deployment),
      patchType: "strategic",
      subresource: "status",
      body: { status: { conditions: [createFailure(error)] } },
    }),
  };
}

const CREATE_ERROR = "ReplicaSetCreateError";

function createFailure(message: string): DeploymentCondition {
  return { type: "Progressing", status: "False", reason: CREATE_ERROR, message };
}

function createdEvent(deployment: Deployment, name: string, replicas: number): EventTemplate {
  return {
    about: deployment,
    type: "Normal",
    reason: "ScalingReplicaSet",
    message: `Scaled up replica set ${name} from 0 to ${replicas}`,
    failure: {
      reason: CREATE_ERROR,
      message: `Failed to create new replica set "${name}": %ERROR%`,
    },
  };
}

/** Brings revision, copied annotations and minReadySeconds of the present ReplicaSet up to date. */
export function annotate(
  set: ReplicaSet,
  { deployment }: Rollout,
  atLeast: number,
): Action | undefined {
  const wanted = wantedAnnotations(deployment, set, Math.max(atLeast, revisionOf(set)));
  const has = set.metadata.annotations ?? {};
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const isCurrent =
    Object.entries(wanted).every(([key, value]) => has[key] === value) &&
    (set.spec.minReadySeconds ?? 0) === minReadySeconds;
  if (isCurrent) return undefined;
  return {
    type: "patch",
    kind: replicaSetKind,
    target: targetOf(set),
    body: { metadata: { annotations: wanted }, spec: { minReadySeconds } },
  };
}

function wantedAnnotations(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !notCopied.has(key),
  );
  const isRenewed = set !== undefined && revisionOf(set) > 0 && revisionOf(set) !== revision;
  const history = set?.metadata.annotations?.[REVISION_HISTORY];
  const past = [...(history ? [history] : []), set && revisionOf(set)].join(",");
  return {
    ...Object.fromEntries(copied),
    [REVISION]: String(revision),
    ...(isRenewed ? { [REVISION_HISTORY]: past } : {}),
    // Scaling owns these two; a new ReplicaSet starts with today's numbers.
    ...(set ? {} : scaleAnnotations(deployment)),
  };
}

export function scaleAnnotations(deployment: Deployment): Record<string, string> {
  return {
    [DESIRED_REPLICAS]: String(deployment.spec.replicas ?? 1),
    [MAX_REPLICAS]: String(maxPods(deployment)),
  };
}
