import { defineAudit, describe } from "#api/audit/define-audit";
import type { Tenant } from "#api/schema/own/tenant";
import type { Ingress, Namespace } from "#api/schema/types";
import { hostsOfIngress } from "#api/tenants/ingress-hosts";
import { tenantOf } from "#api/tenants/names";

export const hostsHaveOneTenant = defineAudit({
  name: "hosts-have-one-tenant",
  invariant:
    "A host name belongs to one tenant, and an Ingress of nobody's namespace has none of them.",
  isEventual: false,
  *check(objects) {
    const owners = new Map<string, Tenant>();
    for (const tenant of objects.of<Tenant>("Tenant")) {
      for (const host of tenant.spec.hosts ?? []) {
        const other = owners.get(host);
        if (other)
          yield { object: tenant, message: `its host ${host} is also that of ${describe(other)}` };
        owners.set(host, tenant);
      }
    }
    const namespaces = objects.of<Namespace>("Namespace");
    for (const ingress of owners.size > 0 ? objects.of<Ingress>("Ingress") : []) {
      const { namespace } = ingress.metadata;
      const place = namespaces.find(({ metadata }) => metadata.name === namespace);
      if (tenantOf(place) !== undefined) continue;
      const owned = hostsOfIngress(ingress).find((host) => owners.has(host));
      const owner = owned === undefined ? undefined : owners.get(owned);
      if (owner)
        yield { object: ingress, message: `its host ${owned} is that of ${describe(owner)}` };
    }
  },
});
