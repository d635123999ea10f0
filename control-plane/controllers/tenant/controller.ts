import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { limitRangeKind } from "#api/kinds/limit-range";
import { namespaceKind } from "#api/kinds/namespace";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { podKind } from "#api/kinds/pod";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { roleBindingKind } from "#api/kinds/role-binding";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { Kind } from "#api/machinery/define-kind";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Pod } from "#api/schema/types";
import { BOUNDS_NAME, modeOf, namespaceOfTenant, TENANT_LABEL, tenantOf } from "#api/tenants/names";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { roleNameOf } from "#control-plane/controllers/tenant/bounds";
import { boundKey } from "#control-plane/controllers/tenant/making";
import {
  isWanted,
  type TenantInput,
  type TenantMemory,
} from "#control-plane/controllers/tenant/input";
import { planTenant } from "#control-plane/controllers/tenant/plan";
import { renderTenant } from "#control-plane/controllers/tenant/rendering";
import {
  scalableKinds,
  suspendableKinds,
  type Workload,
} from "#control-plane/controllers/tenant/workloads";

/**
 * Makes what a tenant needs when it is first asked for, keeps what bounds it, and stops or removes it all. A pooled
 * tenant costs one look at its record, at start and when it changes.
 */
const boundKinds = [
  resourceQuotaKind,
  limitRangeKind,
  networkPolicyKind,
  roleBindingKind,
] as unknown as readonly Kind[];
const clusterKinds = [clusterRoleKind, clusterRoleBindingKind] as unknown as readonly Kind[];
const workloadKinds = [...scalableKinds, ...suspendableKinds];

/** Renderings of a changed plan per second, all its tenants together. */
const RENDERINGS_PER_SECOND = 20;

export const tenantController = defineController<Tenant, TenantInput, TenantMemory>({
  name: "tenant",
  reconciles: tenantKind,
  watches: [
    { kind: namespaceKind, keysOf: (namespace) => known(tenantOf(namespace)) },
    {
      kind: tenantPlanKind,
      // Those without a namespace look at their plan when they are asked for, or have failed by it.
      keysOf: ({ metadata }, caches) =>
        caches
          .list(tenantKind)
          .filter(({ spec, status }) => spec.plan === metadata.name && status !== undefined)
          .map((tenant) => tenant.metadata.name),
    },
    ...clusterKinds.map((kind) => ({
      kind,
      keysOf: ({ metadata }: KubeObject) => known(metadata.labels?.[TENANT_LABEL]),
    })),
    ...[...boundKinds, ...workloadKinds].map((kind) => ({ kind, keysOf: ofItsNamespace })),
    {
      kind: podKind,
      keysOf: (pod, caches) =>
        isLoose(pod) ? ofItsNamespace(pod, caches).filter(isSuspendedIn(caches)) : [],
    },
  ],
  // Many may be asked for in one moment, and making one is mostly waiting for the store.
  workers: 16,
  observe,
  plan: planTenant,
});

function observe(caches: Caches, key: string): TenantInput | undefined {
  const tenant = caches.get(tenantKind, key);
  if (!tenant) return undefined;
  const { deletionTimestamp } = tenant.metadata;
  const namespaces = caches.namespacesOfTenant(key);
  const plan = caches.get(tenantPlanKind, tenant.spec.plan);
  const mode = modeOf(tenant, plan);
  const isIdle = namespaces.length === 0 && !deletionTimestamp;
  if (isIdle && tenant.status === undefined && !tenant.spec.suspended) return undefined;
  const isRendered = !deletionTimestamp && (namespaces.length > 0 || isWanted(tenant));
  const names = namespaces.map(({ metadata }) => metadata.name);
  const own = namespaceOfTenant(key);
  return {
    tenant,
    plan,
    mode,
    namespaces,
    isNameTaken: !names.includes(own) && caches.get(namespaceKind, own) !== undefined,
    rendering: isRendered && plan ? renderedOnce(tenant, plan) : undefined,
    bounds: boundsIn(caches, key, names),
    workloads: names.flatMap((name) => workloadsIn(caches, name)),
    loosePods: tenant.spec.suspended
      ? names.flatMap((name) => caches.inNamespace(podKind, name).filter(isLoose))
      : [],
    spreadMs: spreadOf(key, caches),
  };
}

/** A tenant and a plan are frozen: together they render to the same for ever. */
const renderings = new WeakMap<
  Tenant,
  { plan: TenantPlan; made: ReturnType<typeof renderTenant> }
>();

function renderedOnce(tenant: Tenant, plan: TenantPlan): ReturnType<typeof renderTenant> {
  const before = renderings.get(tenant);
  if (before?.plan === plan) return before.made;
  const made = renderTenant(tenant, plan);
  renderings.set(tenant, { plan, made });
  return made;
}

function boundsIn(caches: Caches, tenant: string, namespaces: readonly string[]): Set<string> {
  const role = roleNameOf(tenant);
  const found = [
    ...boundKinds.flatMap((kind) =>
      namespaces.flatMap((namespace) => held(caches, kind, `${namespace}/${BOUNDS_NAME}`)),
    ),
    ...clusterKinds.flatMap((kind) => held(caches, kind, role)),
  ];
  return new Set(found);
}

function held(caches: Caches, kind: Kind, key: string): string[] {
  const object = caches.get(kind, key);
  return object ? [boundKey({ kind, object })] : [];
}

function workloadsIn(caches: Caches, namespace: string): Workload[] {
  return workloadKinds.flatMap((kind) =>
    caches.inNamespace(kind, namespace).map((object) => ({ kind, object })),
  );
}

/** Of a DaemonSet, or of nothing: stopped by no number of replicas. */
function isLoose(object: KubeObject): boolean {
  const owner = controllerOf(object as Pod);
  return owner === undefined || owner.kind === "DaemonSet";
}

function isSuspendedIn(caches: Caches): (tenant: string) => boolean {
  return (tenant) => caches.get(tenantKind, tenant)?.spec.suspended === true;
}

function ofItsNamespace({ metadata }: KubeObject, caches: Caches): readonly string[] {
  return known(tenantOf(caches.get(namespaceKind, metadata.namespace ?? "")));
}

function known(tenant: string | undefined): string[] {
  return tenant === undefined ? [] : [tenant];
}

/** By its name, within the time that rendering for every namespace would take. */
function spreadOf(name: string, caches: Caches): number {
  const all = caches.list(namespaceKind).length;
  let place = 0;
  for (let at = 0; at < name.length; at++) place = (place * 31 + name.charCodeAt(at)) % 1_000_003;
  return (place % Math.max(1, all)) * (1000 / RENDERINGS_PER_SECOND);
}
