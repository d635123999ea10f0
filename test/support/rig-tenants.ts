import type { TenantRecord } from "#ingress/tenants/record";
import { RIG_BACKEND } from "#test/support/nginx-rig";

/** Tenants for an nginx without a cluster: pooled on the rig's one backend, unless they say otherwise. */
export function nthTenant(index: number, more: Partial<TenantRecord> = {}): TenantRecord {
  const name = `shop-${index}`;
  return {
    ...{ name, hosts: `${name}.example`, plan: "basic", mode: "", isSuspended: false },
    ...{ namespace: "", createdAt: 1 },
    ...more,
  };
}

const [fleet, service] = RIG_BACKEND.split("/");

export const RIG_PLANS: ReadonlyMap<string, string> = new Map([
  ["/basic", `pooled\t${service}\t${fleet}\tX-Kaji-Tenant\tplain`],
  ["/named", `pooled\t${service}\t${fleet}\tX-Shop\tplain`],
  ["/plus", `dedicated\t${service}\t\tX-Kaji-Tenant\tplain`],
  ["/secured", `pooled\t${service}\t${fleet}\tX-Kaji-Tenant\tredirect`],
  ["/empty", `pooled\t${service}\t\tX-Kaji-Tenant\tplain`],
  ["//headers", "X-Shop"],
]);
