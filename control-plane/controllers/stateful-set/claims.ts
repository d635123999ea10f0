import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { isDeepEqual } from "#api/machinery/field-path";
import type {
  OwnerReference,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
  Volume,
} from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { controllerReference } from "#control-plane/controllers/ownership";
import type { Replicas } from "#control-plane/controllers/stateful-set/plan";

/**
 * The claims of each ordinal: what it stores is found again under the same name, whichever pod has the ordinal.
 * Claims outlive pods, unless the set's policy says otherwise: then they are owned by what they are to go with,
 * the set or a pod that is scaled away, and the garbage collector does the rest.
 * Source: Kubernetes, "StatefulSets: PersistentVolumeClaim retention".
 */
export interface OrdinalClaims {
  /** Creates what is missing. */
  readonly actions: Action[];
  /** False: a claim of that name is on its way out, with its data; the pod must not begin with it. */
  readonly isUsable: boolean;
}

export function claimsOf(replicas: Replicas, ordinal: number): OrdinalClaims {
  const { statefulSet, byOrdinal, claims } = replicas;
  const pod = byOrdinal.get(ordinal);
  const actions: Action[] = [];
  let isUsable = true;
  for (const template of templatesOf(statefulSet)) {
    const claim = claims.get(claimName(template, statefulSet, ordinal));
    if (!claim) actions.push(createClaim(statefulSet, ordinal, template));
    else if (
      claim.metadata.deletionTimestamp ||
      isLeftOver(claim, podName(statefulSet, ordinal), pod)
    )
      isUsable = false;
  }
  return { actions, isUsable };
}

/** A pod's volumes: those of the template by the name of a claim template are the claim. */
export function withClaims(
  volumes: readonly Volume[] | undefined,
  statefulSet: StatefulSet,
  ordinal: number,
): Volume[] {
  const claimed = templatesOf(statefulSet).map((template): Volume => {
    const name = template.metadata.name;
    const persistentVolumeClaim = { claimName: claimName(template, statefulSet, ordinal) };
    return { name, persistentVolumeClaim };
  });
  const names = new Set(claimed.map(({ name }) => name));
  return [...claimed, ...(volumes ?? []).filter(({ name }) => !names.has(name))];
}

/** Makes each claim owned by what the policy wants it to go with. Before any pod is deleted. */
export function planRetention(replicas: Replicas): Action[] {
  const { statefulSet, byOrdinal, claims } = replicas;
  return [...byOrdinal].flatMap(([ordinal, pod]) =>
    templatesOf(statefulSet).flatMap((template) => {
      const claim = claims.get(claimName(template, statefulSet, ordinal));
      return claim ? setOwners(claim, ownersOf(claim, replicas, ordinal, pod)) : [];
    }),
  );
}

function ownersOf(
  claim: PersistentVolumeClaim,
  { statefulSet, wanted }: Replicas,
  ordinal: number,
  pod: Pod,
): OwnerReference[] {
  const { whenDeleted, whenScaled } = statefulSet.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const goesWithPod = whenScaled === "Delete" && !wanted.includes(ordinal);
  const ours = [statefulSet.metadata.uid, pod.metadata.uid];
  const others = (claim.metadata.ownerReferences ?? []).filter(({ uid }) => !ours.includes(uid));
  if (goesWithPod)
    return [...others, controllerReference({ ...pod, apiVersion: "v1", kind: "Pod" })];
  return whenDeleted === "Delete" ? [...others, controllerReference(statefulSet)] : others;
}

function setOwners(claim: PersistentVolumeClaim, ownerReferences: OwnerReference[]): Action[] {
  if (isDeepEqual(claim.metadata.ownerReferences ?? [], ownerReferences)) return [];
  const { resourceVersion } = claim.metadata;
  const body = { metadata: { resourceVersion, ownerReferences } };
  return [{ type: "patch", kind: persistentVolumeClaimKind, target: targetOf(claim), body }];
}

/** Owned by an earlier pod of this name: it goes as that one has gone. */
function isLeftOver(claim: PersistentVolumeClaim, name: string, pod: Pod | undefined): boolean {
  const owners = claim.metadata.ownerReferences ?? [];
  return owners.some(
    (owner) => owner.kind === "Pod" && owner.name === name && owner.uid !== pod?.metadata.uid,
  );
}

function createClaim(
  statefulSet: StatefulSet,
  ordinal: number,
  template: PersistentVolumeClaim,
): Action {
  const { name: setName, namespace } = statefulSet.metadata;
  const { whenDeleted } = statefulSet.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const name = claimName(template, statefulSet, ordinal);
  const forPod = `for Pod ${podName(statefulSet, ordinal)} in StatefulSet ${setName}`;
  const object: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name,
      namespace,
      labels: { ...template.metadata.labels, ...statefulSet.spec.selector.matchLabels },
      annotations: template.metadata.annotations,
      ...(whenDeleted === "Delete" ? { ownerReferences: [controllerReference(statefulSet)] } : {}),
    },
    spec: structuredClone(template.spec),
  };
  return {
    type: "create",
    kind: persistentVolumeClaimKind,
    object,
    event: {
      about: statefulSet,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: `create Claim ${name} Pod ${podName(statefulSet, ordinal)} in StatefulSet ${setName} success`,
      failure: {
        reason: "FailedCreate",
        message: `create Claim ${name} ${forPod} failed error: %ERROR%`,
      },
    },
  };
}

function templatesOf({ spec }: StatefulSet): readonly PersistentVolumeClaim[] {
  return spec.volumeClaimTemplates ?? [];
}

function claimName(
  template: PersistentVolumeClaim,
  { metadata }: StatefulSet,
  ordinal: number,
): string {
  return `${template.metadata.name}-${metadata.name}-${ordinal}`;
}

function podName({ metadata }: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${ordinal}`;
}
