import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import type { ObjectReference, PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { BIND_COMPLETED, BOUND_BY_CONTROLLER } from "#api/storage/names";
import { type Action, type Reference, targetOf } from "#control-plane/controllers/controller";
import { withoutWaiting } from "#control-plane/controllers/persistent-volume/waiting";

/**
 * What is missing until a volume and a claim are bound to each other, first the volume's side. Nothing when they
 * are. Invariant: the volume's side is written only on the version that was seen, so that of two claims which
 * choose one volume the second is refused and chooses again.
 */
export function bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Action[] {
  return [...reserve(volume, claim), ...nameVolume(volume, claim), ...reportBound(volume, claim)];
}

/** The volume's side; the scheduler does the same when it chooses. */
export function reserve(volume: PersistentVolume, claim: PersistentVolumeClaim): Action[] {
  const { claimRef } = volume.spec;
  if (claimRef?.uid) return [];
  const { resourceVersion } = volume.metadata;
  // One that was kept for the claim by name stays so when the claim goes: only a choice of ours is taken back.
  const annotations = claimRef ? {} : { annotations: { [BOUND_BY_CONTROLLER]: "yes" } };
  const body = {
    metadata: { resourceVersion, ...annotations },
    spec: { claimRef: referenceTo(claim) },
  };
  return [{ type: "patch", kind: persistentVolumeKind, target: targetOf(volume), body }];
}

export function referenceTo({ metadata }: PersistentVolumeClaim): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace,
    name,
    uid,
    resourceVersion,
  };
}

function nameVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): Action[] {
  const { metadata, spec } = claim;
  const isNamed = spec.volumeName === volume.metadata.name;
  if (isNamed && metadata.annotations?.[BIND_COMPLETED] !== undefined) return [];
  const annotations = {
    [BIND_COMPLETED]: "yes",
    ...(isNamed ? {} : { [BOUND_BY_CONTROLLER]: "yes" }),
  };
  const body = { metadata: { annotations }, spec: { volumeName: volume.metadata.name } };
  return [{ type: "patch", kind: persistentVolumeClaimKind, target: targetOf(claim), body }];
}

/** Capacity is written once: what an expansion makes of it later is the expansion's to say. */
function reportBound(volume: PersistentVolume, claim: PersistentVolumeClaim): Action[] {
  if (claim.status?.phase === "Bound") return [];
  const { accessModes, capacity } = volume.spec;
  const conditions = withoutWaiting(claim);
  return [
    {
      type: "patch",
      kind: persistentVolumeClaimKind,
      target: targetOf(claim),
      subresource: "status",
      body: {
        status: {
          phase: "Bound",
          accessModes,
          capacity,
          conditions: conditions.length > 0 ? conditions : null,
        },
      },
    },
  ];
}

/** `onlyIfAbsent`: what the claim has lost. The caches may be behind: only the API server knows that it is gone. */
export function planLost(
  claim: PersistentVolumeClaim,
  why: { readonly reason: string; readonly message: string },
  onlyIfAbsent: readonly Reference[] = [],
): Action[] {
  if (claim.status?.phase === "Lost") return [];
  return [
    {
      type: "patch",
      kind: persistentVolumeClaimKind,
      target: targetOf(claim),
      subresource: "status",
      body: { status: { phase: "Lost", accessModes: null, capacity: null } },
      event: { about: claim, type: "Warning", ...why },
      onlyIfAbsent,
    },
  ];
}
