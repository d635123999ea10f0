import type { Tenant } from "#api/schema/own/tenant";
import { mergePatch, type Target } from "#dashboard/model/change-object";
import { resources } from "#dashboard/model/resources";
import type { Access } from "#dashboard/model/rights";

export function tenantTarget({ metadata }: Tenant): Target {
  return { resource: resources.tenants, namespace: undefined, name: metadata.name };
}

export function tenantAccess({ metadata }: Tenant, verb: string, subresource = ""): Access {
  const { group, plural } = resources.tenants;
  return { verb, group, resource: plural + subresource, name: metadata.name };
}

export async function suspendTenant(tenant: Tenant, suspended: boolean): Promise<void> {
  await mergePatch(tenantTarget(tenant), { spec: { suspended } });
}

/** As the ingress does for a tenant that is asked for, and `kaji tenant wake`. */
export async function wakeTenant(tenant: Tenant, nowMs: number): Promise<void> {
  const lastMs = Date.parse(tenant.status?.lastWakeTime ?? "") || 0;
  // Later than its last wake, within whole seconds.
  const atMs = Math.max(nowMs, lastMs + 1000);
  const wakeRequestTime = new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
  await mergePatch(tenantTarget(tenant), { status: { wakeRequestTime } }, "/status");
}

/** Why there is nothing to wake; undefined: it can be woken. */
export function unwakeable(tenant: Tenant, mode: string): string | undefined {
  if (mode === "pooled") return "it is pooled: the fleet of its plan serves it";
  if (tenant.spec.suspended) return "it is suspended: resume it first";
  return undefined;
}
