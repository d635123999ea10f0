import type { KubeObject } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Ingress } from "#api/schema/types";
import { hostsOfIngress } from "#api/tenants/ingress-hosts";
import { modeOf, TENANT_PLANS, TENANTS, type TenantMode, tenantOf } from "#api/tenants/names";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { CacheIndex } from "#control-plane/apiserver/storage/cache-index";
import { NAMESPACES } from "#control-plane/apiserver/storage/keys";

/** What admission asks about tenants: each answer costs what it answers, however many tenants there are. */
export interface TenantView {
  /** The tenant of a namespace; undefined: it is nobody's. */
  ofNamespace(namespace: string | undefined): TenantOfNamespace | undefined;
  plan(name: string): TenantPlan | undefined;
  namespacesOf(tenant: string): string[];
  /** The Ingresses that name a host, in whatever namespace. */
  ingressesFor(host: string): Ingress[];
}

/** `tenant` is undefined when the label names nobody (any more). */
export interface TenantOfNamespace {
  readonly name: string;
  readonly tenant: Tenant | undefined;
  readonly mode: TenantMode;
}

const INGRESSES = { group: "networking.k8s.io", plural: "ingresses" };

export function createTenantView(feed: Feed): TenantView {
  if (![TENANTS, TENANT_PLANS, NAMESPACES, INGRESSES].every((one) => feed.serves(one))) {
    return noTenants;
  }
  const namespaces = feed.cacheOf(NAMESPACES);
  const tenants = feed.cacheOf(TENANTS);
  const plans = feed.cacheOf(TENANT_PLANS);
  const byTenant = new CacheIndex(namespaces, (namespace) => {
    const name = tenantOf(namespace);
    return name === undefined ? [] : [name];
  });
  const byHost = new CacheIndex(feed.cacheOf(INGRESSES), (ingress) =>
    hostsOfIngress(ingress as Ingress),
  );
  const plan = (name: string): TenantPlan | undefined =>
    plans.get(undefined, name)?.object as TenantPlan | undefined;

  return {
    plan,
    ofNamespace(namespace) {
      const name = tenantOf(namespace ? namespaces.get(undefined, namespace)?.object : undefined);
      if (name === undefined) return undefined;
      const tenant = tenants.get(undefined, name)?.object as Tenant | undefined;
      const mode = tenant ? modeOf(tenant, plan(tenant.spec.plan)) : "dedicated";
      return { name, tenant, mode };
    },
    namespacesOf: (tenant) =>
      byTenant.with(tenant).map(({ metadata }: KubeObject) => metadata.name),
    ingressesFor: (host) => byHost.with(host) as Ingress[],
  };
}

/** For a server that does not serve the kinds. */
const noTenants: TenantView = {
  ofNamespace: () => undefined,
  plan: () => undefined,
  namespacesOf: () => [],
  ingressesFor: () => [],
};
