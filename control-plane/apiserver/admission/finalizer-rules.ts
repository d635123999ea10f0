import { errors } from "#api/machinery/status-error";
import type { AdmissionPlugin } from "#control-plane/apiserver/admission/admission";

/** An object that is being deleted gets no new finalizers. */
export const finalizerRules: AdmissionPlugin = {
  name: "FinalizerRules",
  validate({ kind, object, previous }) {
    if (!previous?.metadata.deletionTimestamp) return;
    const held = previous.metadata.finalizers ?? [];
    const added = (object.metadata.finalizers ?? []).filter((one) => !held.includes(one));
    if (added.length === 0) return;
    const shown = added.map((one) => `"${one}"`).join(", ");
    throw errors.invalid(kind, object.metadata.name, [
      {
        reason: "FieldValueForbidden",
        field: "metadata.finalizers",
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown}}`,
      },
    ]);
  },
};
