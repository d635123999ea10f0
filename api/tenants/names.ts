import type { KubeObject } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";

/** The names by which what belongs to a tenant is known. */
export const TENANT_LABEL = "kaji.dev/tenant";
export const TENANT_FINALIZER = "kaji.dev/tenant";
/** On a ResourceQuota of the tenant's first namespace: it counts all the tenant's namespaces. */
export const TENANT_WIDE = "kaji.dev/tenant-wide";
export const TENANT_OWNER_ROLE = "kaji:tenant-owner";

/** The objects that bound a tenant in its namespaces. */
export const BOUNDS_NAME = "kaji-tenant";
/** The service account whose token is a tenant's kubeconfig, in its first namespace. */
export const TENANT_ACCOUNT = "kaji-tenant-owner";
/** On a tenant's first namespace, when everything in it has been made: a fingerprint of what. */
export const RENDERED_ANNOTATION = "kaji.dev/rendered";
/** In its place in an export: what was in the namespace is just being put back. */
export const RENDERED_ELSEWHERE = "elsewhere";

export const TENANTS = { group: "kaji.dev", plural: "tenants" };
export const TENANT_PLANS = { group: "kaji.dev", plural: "tenantplans" };

export const TENANT_MODES = ["pooled", "dedicated", "sandboxed"] as const;
export type TenantMode = (typeof TENANT_MODES)[number];

const PREFIX = "tenant-";
/** A namespace's name is a DNS label of at most 63 characters. */
export const MAX_TENANT_NAME = 63 - PREFIX.length;

/** The namespace that the plan's template goes into. */
export function namespaceOfTenant(name: string): string {
  return PREFIX + name;
}

/** The tenant that a namespace belongs to. */
export function tenantOf(namespace: Pick<KubeObject, "metadata"> | undefined): string | undefined {
  return namespace?.metadata.labels?.[TENANT_LABEL] || undefined;
}

/** Its own, else its plan's; pooled when neither is known: nothing is made by mistake. */
export function modeOf(tenant: Tenant, plan: TenantPlan | undefined): TenantMode {
  const mode = tenant.spec.mode ?? plan?.spec.mode;
  return TENANT_MODES.find((known) => known === mode) ?? "pooled";
}
