import { storageClassKind } from "#api/kinds/storage-class";
import type { PersistentVolumeClaim, StorageClass } from "#api/schema/types";
import { defaultClassOf, wantsDefaultClass } from "#api/storage/classes";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";

/** A claim that names no class gets the default one, if there is one; later ones are given by the binder. */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "persistentvolumeclaims")) return;
    const claim = object as PersistentVolumeClaim;
    if (!claim.spec || !wantsDefaultClass(claim) || !cluster.has(storageClassKind)) return;
    const classes = [...cluster.list(storageClassKind)].map(({ object: one }) => one);
    const found = defaultClassOf(classes as StorageClass[]);
    if (found) claim.spec.storageClassName = found.metadata.name;
  },
};
