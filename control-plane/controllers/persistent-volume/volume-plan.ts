import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import type { PersistentVolume } from "#api/schema/types";
import { BOUND_BY_CONTROLLER, LOCAL_PATH, PROVISIONED_BY } from "#api/storage/names";
import { type Action, type Reference, targetOf } from "#control-plane/controllers/controller";
import { planDirectory } from "#control-plane/controllers/persistent-volume/local-path-deletion";
import type { VolumeInput } from "#control-plane/controllers/persistent-volume/volume-controller";
import { toTime } from "#kit/clock";

/**
 * One look at a volume. Its phase follows from its claim:
 *
 *   Available --claimed--> Bound --claim gone--> Released --Delete--> gone, or Failed
 *
 * Invariant: nothing is released or deleted before the API server itself has said that the claim is gone.
 */
export function planVolume(input: VolumeInput, nowMs: number): Action[] {
  return [...planPhase(input, nowMs), ...planDirectory(input)];
}

function planPhase({ volume, claim }: VolumeInput, nowMs: number): Action[] {
  const { claimRef } = volume.spec;
  if (!claimRef?.uid) return become(volume, "Available", nowMs);
  if (!claim || claim.metadata.uid !== claimRef.uid) return planReleased(volume, nowMs);
  const { volumeName } = claim.spec;
  // Binding is under way; the claim's side follows.
  if (!volumeName) return [];
  return volumeName === volume.metadata.name ? become(volume, "Bound", nowMs) : letGo(volume);
}

/** The claim took another volume: what the controller had chosen is free, what the user had, stays kept. */
function letGo(volume: PersistentVolume): Action[] {
  const { annotations, resourceVersion } = volume.metadata;
  const isChosen = annotations?.[BOUND_BY_CONTROLLER] !== undefined;
  const body = {
    metadata: { resourceVersion, annotations: { [BOUND_BY_CONTROLLER]: null } },
    spec: { claimRef: isChosen ? null : { uid: null, resourceVersion: null } },
  };
  return [{ type: "patch", kind: persistentVolumeKind, target: targetOf(volume), body }];
}

function planReleased(volume: PersistentVolume, nowMs: number): Action[] {
  const onlyIfAbsent = [claimOf(volume)];
  const release =
    volume.status?.phase === "Failed" ? [] : become(volume, "Released", nowMs, { onlyIfAbsent });
  return [...release, ...planReclaim(volume, nowMs, onlyIfAbsent)];
}

function claimOf({ spec: { claimRef } }: PersistentVolume): Reference {
  const { namespace, name = "", uid } = claimRef ?? {};
  return { kind: persistentVolumeClaimKind, namespace, name, uid };
}

function planReclaim(
  volume: PersistentVolume,
  nowMs: number,
  onlyIfAbsent: readonly Reference[],
): Action[] {
  if (volume.metadata.deletionTimestamp || volume.status?.phase === "Failed") return [];
  const provisioner = volume.metadata.annotations?.[PROVISIONED_BY];
  const { name } = volume.metadata;
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case "Delete":
      if (provisioner === LOCAL_PATH) {
        const target = targetOf(volume);
        return [{ type: "delete", kind: persistentVolumeKind, target, onlyIfAbsent }];
      }
      // Whoever made it removes it.
      if (provisioner) return [];
      return fail(
        volume,
        "VolumeFailedDelete",
        `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`,
        { nowMs, onlyIfAbsent },
      );
    case "Recycle":
      return fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!", {
        nowMs,
        onlyIfAbsent,
      });
    default:
      return [];
  }
}

interface Moment {
  readonly nowMs: number;
  readonly onlyIfAbsent: readonly Reference[];
}

function fail(
  volume: PersistentVolume,
  reason: string,
  message: string,
  { nowMs, onlyIfAbsent }: Moment,
): Action[] {
  return [
    ...become(volume, "Failed", nowMs, { reason, message, onlyIfAbsent }),
    { type: "event", event: { about: volume, type: "Warning", reason, message } },
  ];
}

interface PhaseDetails {
  readonly reason?: string;
  readonly message?: string;
  readonly onlyIfAbsent?: readonly Reference[];
}

function become(
  volume: PersistentVolume,
  phase: string,
  nowMs: number,
  { reason, message, onlyIfAbsent }: PhaseDetails = {},
): Action[] {
  if (volume.status?.phase === phase) return [];
  const lastPhaseTransitionTime = toTime(nowMs);
  return [
    {
      type: "patch",
      kind: persistentVolumeKind,
      target: targetOf(volume),
      subresource: "status",
      body: {
        status: {
          phase,
          reason: reason ?? null,
          message: message ?? null,
          lastPhaseTransitionTime,
        },
      },
      ...(onlyIfAbsent ? { onlyIfAbsent } : {}),
    },
  ];
}
