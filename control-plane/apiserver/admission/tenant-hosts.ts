import { isDeepEqual } from "#api/machinery/field-path";
import { errors } from "#api/machinery/status-error";
import type { Ingress } from "#api/schema/types";
import { hostsOfIngress, takesAnyHost } from "#api/tenants/ingress-hosts";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/**
 * An Ingress of a tenant's namespace serves hosts that are this tenant's own, and no others. (That an Ingress of
 * nobody's namespace takes no tenant's host, the transaction itself sees to: storage/host-claims.ts.)
 */
export const tenantHosts: AdmissionPlugin = {
  name: "TenantHosts",

  validate({ kind, object, previous, subresource }, cluster) {
    if (!isKind(kind, "networking.k8s.io", "ingresses") || subresource) return;
    const ingress = object as Ingress;
    const owner = cluster.tenants.ofNamespace(ingress.metadata.namespace);
    const before = previous as Ingress | undefined;
    const isSame =
      isDeepEqual(ingress.spec, before?.spec) &&
      isDeepEqual(ingress.metadata.annotations, before?.metadata.annotations);
    if (!owner || isSame) return;
    const refuse = (why: string): Error =>
      errors.forbidden(resourceOf(kind), ingress.metadata.name, why);
    if (takesAnyHost(ingress)) {
      throw refuse(
        `in a tenant's namespace each rule names a host of tenant "${owner.name}": a rule without one, or a defaultBackend, would take everybody's requests`,
      );
    }
    const owned = owner.tenant?.spec.hosts ?? [];
    const foreign = hostsOfIngress(ingress).find((host) => !owned.includes(host));
    if (foreign === undefined) return;
    const own = owned.length > 0 ? `its hosts are ${owned.join(", ")}` : "it has no hosts";
    throw refuse(`host "${foreign}" does not belong to tenant "${owner.name}": ${own}`);
  },
};
