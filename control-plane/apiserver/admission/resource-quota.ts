import type { KubeObject } from "#api/machinery/meta";
import { errors, type ResourceName } from "#api/machinery/status-error";
import {
  add,
  type Amounts,
  describeAmounts,
  formatAmounts,
  growth,
  namesOver,
  parseAmounts,
  pick,
} from "#api/quota/amounts";
import { quotaStatus } from "#api/quota/count";
import { unspecifiedAmounts } from "#api/quota/pod-usage";
import { covers } from "#api/quota/scopes";
import { isSameResource, resourceCountedBy, usageOf } from "#api/quota/usage";
import type { Pod, ResourceQuota } from "#api/schema/types";
import { namespaceOfTenant, TENANT_WIDE } from "#api/tenants/names";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type Charge,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/**
 * Keeps what a namespace uses within its quotas. A write that uses more changes the quota's status.used in
 * its own transaction, on the condition that nobody has changed the quota meanwhile; and whoever writes a
 * quota, the server itself counts what is used, at the very revision that the write is conditional on.
 * Invariant: what was admitted under a quota is in its status.used, so no two writers can together exceed it.
 * A tenant's quota stands in its first namespace and is charged by all of them. What is freed, and a pod that an update moves into a scope (not charged, as in Kubernetes), is counted when
 * the controller writes the quota again.
 */
export const RESOURCE_QUOTAS = { group: "", plural: "resourcequotas" };
const PODS = { group: "", plural: "pods" };
const EVENTS = "events";
/** Only an update of these can use more than before. */
const chargedOnUpdate = ["services", "persistentvolumeclaims"];

export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",

  mutate({ kind, object }, cluster) {
    if (!isKind(kind, "", RESOURCE_QUOTAS.plural)) return;
    const quota = object as ResourceQuota;
    const namespaces = countedNamespaces(quota, cluster);
    quota.status = quotaStatus(quota, (resource) => objectsOf(cluster, resource, namespaces));
  },

  charge(request, cluster) {
    const { kind, object } = request;
    if (!kind.isNamespaced || !isCharged(request) || !cluster.has(RESOURCE_QUOTAS)) return [];
    const charges: Charge[] = [];
    for (const stored of quotasOver(object.metadata.namespace, cluster)) {
      const next = chargeTo(stored.object as ResourceQuota, request);
      if (next) charges.push({ holder: stored, next });
    }
    return charges;
  },
};

/** Of all the tenant's namespaces, when the quota stands in its first one and says so. */
function countedNamespaces({ metadata }: ResourceQuota, cluster: ClusterView): string[] {
  const { namespace = "" } = metadata;
  const owner = isTenantWide(metadata) ? cluster.tenants.ofNamespace(namespace) : undefined;
  if (!owner || namespace !== namespaceOfTenant(owner.name)) return [namespace];
  return cluster.tenants.namespacesOf(owner.name);
}

/** Those of a tenant first: whoever is charged to them takes turns with its other namespaces (rest/create.ts). */
function* quotasOver(namespace: string | undefined, cluster: ClusterView): Generator<StoredObject> {
  const owner = cluster.tenants.ofNamespace(namespace);
  const first = owner && namespaceOfTenant(owner.name);
  if (first !== undefined && first !== namespace) {
    for (const stored of cluster.list(RESOURCE_QUOTAS, first)) {
      if (isTenantWide(stored.object.metadata)) yield stored;
    }
  }
  const own = [...cluster.list(RESOURCE_QUOTAS, namespace)];
  yield* own.filter(({ object }) => isTenantWide(object.metadata));
  yield* own.filter(({ object }) => !isTenantWide(object.metadata));
}

function isTenantWide({ labels }: KubeObject["metadata"]): boolean {
  return labels?.[TENANT_WIDE] === "true";
}

function* objectsOf(
  cluster: ClusterView,
  resource: ResourceName,
  namespaces: readonly string[],
): Generator<KubeObject> {
  if (!cluster.has(resource)) return;
  for (const namespace of namespaces) {
    for (const { object } of cluster.list(resource, namespace)) yield object;
  }
}

function isCharged({ kind, operation, subresource }: AdmissionRequest): boolean {
  if (kind.group === "" && kind.plural === EVENTS) return false;
  if (operation === "CREATE") return subresource === undefined;
  if (kind.group !== "") return false;
  if (kind.plural === PODS.plural) return subresource === "resize";
  return subresource === undefined && chargedOnUpdate.includes(kind.plural);
}

/** The quota with the object on its account; undefined when it is no matter of this quota. */
function chargeTo(quota: ResourceQuota, request: AdmissionRequest): ResourceQuota | undefined {
  const { kind, object, previous } = request;
  const resource = resourceOf(kind);
  if (!covers(quota.spec, resource, object)) return undefined;
  const hard = parseAmounts(quota.status?.hard);
  const names = [...hard.keys()].filter((name) =>
    isSameResource(resourceCountedBy(name), resource),
  );
  if (names.length === 0) return undefined;
  const missing = isSameResource(resource, PODS) && unspecifiedAmounts(object as Pod, names);
  if (missing) throw refuse(request, `failed quota: ${quota.metadata.name}: ${missing}`);

  const wasCovered = previous && covers(quota.spec, resource, previous);
  const before: Amounts = wasCovered ? usageOf(resource, previous) : new Map();
  const requested = growth(pick(usageOf(resource, object), names), before);
  if (requested.size === 0) return undefined;
  return withCharge(quota, request, requested, hard);
}

function withCharge(
  quota: ResourceQuota,
  request: AdmissionRequest,
  requested: Amounts,
  hard: Amounts,
): ResourceQuota {
  const { name } = quota.metadata;
  const used = parseAmounts(quota.status?.used);
  const names = [...requested.keys()];
  const unknown = names.filter((one) => !used.has(one)).sort();
  if (unknown.length > 0) {
    const why = `status unknown for quota: ${name}, resources: ${unknown.join(",")}`;
    throw refuse(request, why);
  }
  const total = add(used, requested);
  const over = namesOver(pick(total, names), hard);
  if (over.length > 0) {
    const show = (amounts: Amounts): string => describeAmounts(pick(amounts, over));
    const parts = `requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`;
    throw refuse(request, `exceeded quota: ${name}, ${parts}`);
  }
  return { ...quota, status: { ...quota.status, used: formatAmounts(total) } };
}

function refuse({ kind, object }: AdmissionRequest, why: string): Error {
  return errors.forbidden(resourceOf(kind), object.metadata.name, why);
}
