import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import type { PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { LOCAL_PATH_NODE } from "#api/storage/names";
import { defineController } from "#control-plane/controllers/controller";
import { planVolume } from "#control-plane/controllers/persistent-volume/volume-plan";

/** Says in which phase each volume is, and reclaims those whose claim is gone. */
export interface VolumeInput {
  readonly volume: PersistentVolume;
  /** Whatever claim has the name that the volume's claimRef has. */
  readonly claim: PersistentVolumeClaim | undefined;
  /** For a volume that is a directory on a node: whether the cluster still has the node. */
  readonly hasNode: boolean;
}

export const volumeController = defineController<PersistentVolume, VolumeInput>({
  name: "persistentvolume-reclaim",
  reconciles: persistentVolumeKind,
  watches: [
    {
      kind: persistentVolumeClaimKind,
      keysOf: (object, caches) => {
        const { metadata, spec } = object as PersistentVolumeClaim;
        const kept = caches
          .list(persistentVolumeKind)
          .filter(({ spec: { claimRef } }) => claimRef && claimRef.uid === metadata.uid)
          .map((volume) => volume.metadata.name);
        return spec.volumeName ? [spec.volumeName, ...kept] : kept;
      },
    },
    {
      kind: nodeKind,
      keysOf: ({ metadata }, caches) =>
        caches
          .list(persistentVolumeKind)
          .filter(
            (volume) =>
              volume.metadata.deletionTimestamp !== undefined &&
              volume.metadata.annotations?.[LOCAL_PATH_NODE] === metadata.name,
          )
          .map((volume) => volume.metadata.name),
    },
  ],
  observe(caches, key) {
    const volume = caches.get(persistentVolumeKind, key);
    if (!volume) return undefined;
    const { claimRef } = volume.spec;
    const nodeName = volume.metadata.annotations?.[LOCAL_PATH_NODE];
    return {
      volume,
      claim: claimRef
        ? caches.get(persistentVolumeClaimKind, `${claimRef.namespace}/${claimRef.name}`)
        : undefined,
      hasNode: nodeName !== undefined && caches.get(nodeKind, nodeName) !== undefined,
    };
  },
  plan: planVolume,
});
