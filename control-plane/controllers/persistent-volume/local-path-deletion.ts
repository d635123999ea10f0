import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import type { PersistentVolume } from "#api/schema/types";
import { LOCAL_PATH_DIRECTORY, LOCAL_PATH_NODE } from "#api/storage/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import type { VolumeInput } from "#control-plane/controllers/persistent-volume/volume-controller";

/**
 * The directory of a local-path volume is removed on its node, by the node's agent, which then takes the finalizer
 * away: however long the node is off, the volume waits for it. Here the finalizer goes where there is nothing to
 * wait for: the policy is to keep the data, or the cluster has no such node any more.
 */
export function planDirectory({ volume, hasNode }: VolumeInput): Action[] {
  const { deletionTimestamp, finalizers = [], annotations } = volume.metadata;
  if (!deletionTimestamp || !finalizers.includes(LOCAL_PATH_DIRECTORY)) return [];
  if (volume.spec.persistentVolumeReclaimPolicy !== "Delete") return [dropFinalizer(volume)];
  if (hasNode) return [];
  const nodeName = annotations?.[LOCAL_PATH_NODE] ?? "";
  const message = `node ${nodeName} is not part of the cluster any more: what it has of the volume in ${volume.spec.local?.path} stays there`;
  const absent = { kind: nodeKind, namespace: undefined, name: nodeName, uid: undefined };
  return [
    {
      type: "event",
      event: { about: volume, type: "Warning", reason: "VolumeFailedDelete", message },
    },
    { ...dropFinalizer(volume), onlyIfAbsent: [absent] },
  ];
}

function dropFinalizer(volume: PersistentVolume): Action & { type: "patch" } {
  const { finalizers = [], resourceVersion } = volume.metadata;
  const kept = finalizers.filter((one) => one !== LOCAL_PATH_DIRECTORY);
  return {
    type: "patch",
    kind: persistentVolumeKind,
    target: targetOf(volume),
    body: { metadata: { resourceVersion, finalizers: kept } },
  };
}
