import {
  BETA_IS_DEFAULT_CLASS,
  BETA_STORAGE_CLASS,
  IS_DEFAULT_CLASS,
  LOCAL_PATH,
} from "#api/storage/names";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "#api/schema/types";

/** "" for a claim or volume of no class; a claim that names none yet may still get the default one. */
export function classNameOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? "";
}

/** Asking for the class "" is asking for none; saying nothing is asking for the default. */
export function wantsDefaultClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  const named = metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName;
  return named === undefined;
}

export function isDefaultClass({ metadata }: StorageClass): boolean {
  const { annotations = {} } = metadata;
  return annotations[IS_DEFAULT_CLASS] === "true" || annotations[BETA_IS_DEFAULT_CLASS] === "true";
}

/** Of several the newest, and of equally new ones the first by name. */
export function defaultClassOf(classes: Iterable<StorageClass>): StorageClass | undefined {
  const order = ({ metadata }: StorageClass): string => metadata.creationTimestamp ?? "";
  return [...classes].filter(isDefaultClass).sort((a, b) => {
    if (order(a) !== order(b)) return order(a) > order(b) ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  })[0];
}

export function waitsForConsumer(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer";
}

/** What every cluster has from its start: directories on the node that runs the pod. */
export const localPathClass: StorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local-path", annotations: { [IS_DEFAULT_CLASS]: "true" } },
  provisioner: LOCAL_PATH,
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};
