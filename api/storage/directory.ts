import type { PersistentVolume } from "#api/schema/types";
import { LOCAL_PATH_DIRECTORY, LOCAL_PATH_NODE, VOLUME_PROTECTION } from "#api/storage/names";

/**
 * Whether the agent of this node is to remove the directory of a local-path volume. Invariant: never while the
 * volume is bound (its protection stands until then), and never when its data is to be kept.
 */
export function isDirectoryDue({ metadata, spec }: PersistentVolume, nodeName: string): boolean {
  const { annotations, deletionTimestamp, finalizers = [] } = metadata;
  return (
    deletionTimestamp !== undefined &&
    annotations?.[LOCAL_PATH_NODE] === nodeName &&
    finalizers.includes(LOCAL_PATH_DIRECTORY) &&
    !finalizers.includes(VOLUME_PROTECTION) &&
    spec.persistentVolumeReclaimPolicy === "Delete"
  );
}
