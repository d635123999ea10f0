import { storageClassKind } from "#api/kinds/storage-class";
import { compareQuantities, parseQuantity } from "#api/machinery/quantity";
import { errors } from "#api/machinery/status-error";
import type { PersistentVolumeClaim, StorageClass } from "#api/schema/types";
import { classNameOf } from "#api/storage/classes";
import { requestedStorage } from "#api/storage/matching";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

const NOT_BOUND = "Only bound persistent volume claims can be expanded";
const NOT_ALLOWED =
  "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";

/** A claim may ask for more only where its class says that volumes can grow. */
export const claimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  validate({ kind, object, previous, subresource }, cluster) {
    const isClaim = isKind(kind, "", "persistentvolumeclaims") && subresource === undefined;
    if (!isClaim || !previous) return;
    const [next, former] = [object as PersistentVolumeClaim, previous as PersistentVolumeClaim];
    const wanted = parseQuantity(requestedStorage(next));
    if (compareQuantities(wanted, parseQuantity(requestedStorage(former))) <= 0) return;
    const refuse = (why: string): Error =>
      errors.forbidden(resourceOf(kind), object.metadata.name, why);
    if (former.status?.phase !== "Bound") throw refuse(NOT_BOUND);
    const name = classNameOf(next);
    const isSameClass = name !== "" && name === classNameOf(former);
    const found = isSameClass ? cluster.get(storageClassKind, undefined, name) : undefined;
    if (!(found as StorageClass | undefined)?.allowVolumeExpansion) throw refuse(NOT_ALLOWED);
  },
};
