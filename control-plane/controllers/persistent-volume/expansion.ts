import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { compareQuantities, parseQuantity } from "#api/machinery/quantity";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "#api/schema/types";
import { capacityOf, requestedStorage } from "#api/storage/matching";
import { LOCAL_PATH, PROVISIONED_BY } from "#api/storage/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";

/**
 * A claim that asks for more than its volume has. A directory has no size of its own: growing it is a matter of
 * what volume and claim say. Volumes of other provisioners are grown by these.
 */
export function planExpansion(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  storageClass: StorageClass | undefined,
): Action[] {
  const isOurs = volume.metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH;
  if (!isOurs || !storageClass?.allowVolumeExpansion || claim.metadata.deletionTimestamp) return [];
  const storage = requestedStorage(claim);
  const actual = claim.status?.capacity?.["storage"] ?? "0";
  if (!isMore(storage, actual)) return [];
  const capacity = { storage };
  const growth: Action = {
    type: "patch",
    kind: persistentVolumeKind,
    target: targetOf(volume),
    body: { spec: { capacity } },
  };
  return [
    ...(isMore(storage, capacityOf(volume)) ? [growth] : []),
    {
      type: "patch",
      kind: persistentVolumeClaimKind,
      target: targetOf(claim),
      subresource: "status",
      body: { status: { capacity } },
    },
    {
      type: "event",
      event: {
        about: claim,
        type: "Normal",
        reason: "VolumeResizeSuccessful",
        message: "Resize volume succeeded",
      },
    },
  ];
}

function isMore(left: string, right: string): boolean {
  return compareQuantities(parseQuantity(left), parseQuantity(right)) > 0;
}
