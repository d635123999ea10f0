import type { AdmissionPlugin } from "#control-plane/apiserver/admission/admission";
import { CLAIM_PROTECTION, VOLUME_PROTECTION } from "#api/storage/names";

const finalizers: Readonly<Record<string, string>> = {
  persistentvolumeclaims: CLAIM_PROTECTION,
  persistentvolumes: VOLUME_PROTECTION,
};

/** Claims and volumes stay while they are used: a controller takes the finalizer away when they are not. */
export const storageProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  mutate({ kind, object: { metadata }, operation }) {
    const finalizer = kind.group === "" ? finalizers[kind.plural] : undefined;
    if (operation !== "CREATE" || !finalizer) return;
    if (metadata.finalizers?.includes(finalizer)) return;
    metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
