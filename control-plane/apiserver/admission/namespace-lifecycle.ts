import { errors, StatusError } from "#api/machinery/status-error";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { NAMESPACES, resourceOf } from "#control-plane/apiserver/storage/keys";

/** Namespaces that the cluster cannot do without. */
const PROTECTED = ["default", "kube-system", "kube-public"];

/** Nothing is created in a namespace that does not exist or is being deleted. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",

  validate({ kind, object, operation }, cluster) {
    const { namespace: name } = object.metadata;
    if (operation !== "CREATE" || !kind.isNamespaced || !name) return;
    const namespace = cluster.get(NAMESPACES, undefined, name);
    if (!namespace) throw errors.notFound(NAMESPACES, name);
    if (!namespace.metadata.deletionTimestamp) return;
    const refusal = errors.forbidden(
      resourceOf(kind),
      object.metadata.name,
      `unable to create new content in namespace ${name} because it is being terminated`,
    );
    throw withCause(refusal, "NamespaceTerminating", `namespace ${name} is being terminated`);
  },

  validateDelete(kind, object) {
    if (!isKind(kind, "", "namespaces") || !PROTECTED.includes(object.metadata.name)) return;
    throw errors.forbidden(NAMESPACES, object.metadata.name, "this namespace may not be deleted");
  },
};

function withCause(refusal: StatusError, reason: string, message: string): StatusError {
  const { code, reason: statusReason, message: text, details } = refusal.status;
  const causes = [{ reason, message, field: "metadata.namespace" }];
  return new StatusError(code, statusReason, text, { ...details, causes });
}
