import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { TENANT_PLANS, TENANTS, tenantOf } from "#api/tenants/names";
import type { TenantOfNamespace } from "#control-plane/apiserver/flow-control/classify";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { NAMESPACES } from "#control-plane/apiserver/storage/keys";

/** From what the server has in memory anyway; nothing is kept here. */
export function tenantsOfNamespaces(feed: Feed): TenantOfNamespace {
  if (![TENANTS, TENANT_PLANS, NAMESPACES].every((kind) => feed.serves(kind))) {
    return () => undefined;
  }
  const namespaces = feed.cacheOf(NAMESPACES);
  const tenants = feed.cacheOf(TENANTS);
  const plans = feed.cacheOf(TENANT_PLANS);
  return (namespace) => {
    const name = tenantOf(namespaces.get(undefined, namespace)?.object);
    if (name === undefined) return undefined;
    const tenant = tenants.get(undefined, name)?.object as Tenant | undefined;
    const planName = tenant?.spec.plan;
    const plan = planName ? plans.get(undefined, planName)?.object : undefined;
    const requestsPerSecond = (plan as TenantPlan | undefined)?.spec.apiRequestsPerSecond;
    return { name, requestsPerSecond };
  };
}
