import { eventKind } from "#api/kinds/event";
import { kinds } from "#api/kinds/index";
import { namespaceKind } from "#api/kinds/namespace";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { isDeepEqual } from "#api/machinery/field-path";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import { isSameResource } from "#api/quota/usage";
import { limitedResources, quotaStatus } from "#api/quota/count";
import type { ResourceQuota, ResourceQuotaStatus } from "#api/schema/types";
import { namespaceOfTenant, TENANT_WIDE, tenantOf } from "#api/tenants/names";
import { type Action, type Caches, defineController } from "#control-plane/controllers/controller";

/**
 * Says in status.used what a namespace uses of each quota. The API server charges what is added in the very
 * transaction that adds it, so what this finds is what was freed, or was there before the quota. Whatever
 * is written here, the API server counts again: a count from a cache that lags can never free too much.
 */
export interface ResourceQuotaInput {
  readonly quota: ResourceQuota;
  readonly counted: ResourceQuotaStatus;
}

const countable = kinds.filter((kind) => kind.isNamespaced && kind.plural !== eventKind.plural);

export const resourceQuotaController = defineController<ResourceQuota, ResourceQuotaInput>({
  name: "resourcequota",
  reconciles: resourceQuotaKind,
  watches: [namespaceKind, ...countable].map((kind) => ({
    kind,
    keysOf: ({ metadata }: KubeObject, caches) => {
      const quotas = quotasOver(metadata.namespace ?? "", caches);
      const limiting = quotas.filter((quota) =>
        limitedResources(quota).some((resource) => isSameResource(resource, kind)),
      );
      return limiting.map(keyOf);
    },
  })),
  observe(caches, key) {
    const quota = caches.get(resourceQuotaKind, key);
    if (!quota) return undefined;
    const namespaces = countedNamespaces(quota, caches);
    const counted = quotaStatus(quota, (resource) => {
      const kind = countable.find((one) => isSameResource(one, resource));
      return kind ? namespaces.flatMap((namespace) => caches.inNamespace(kind, namespace)) : [];
    });
    return { quota, counted };
  },
  plan: ({ quota, counted }): Action[] => {
    if (isDeepEqual(quota.status, counted)) return [];
    const object: ResourceQuota = { ...quota, status: counted };
    return [{ type: "updateStatus", kind: resourceQuotaKind, object }];
  },
});

/** Those of the namespace, and those of its tenant, which stand in the tenant's first one. */
function quotasOver(namespace: string, caches: Caches): readonly ResourceQuota[] {
  const own = caches.inNamespace(resourceQuotaKind, namespace);
  const tenant = tenantOf(caches.get(namespaceKind, namespace));
  const first = tenant === undefined ? namespace : namespaceOfTenant(tenant);
  if (first === namespace) return own;
  const shared = caches.inNamespace(resourceQuotaKind, first);
  return [...own, ...shared.filter(({ metadata }) => metadata.labels?.[TENANT_WIDE] === "true")];
}

function countedNamespaces({ metadata }: ResourceQuota, caches: Caches): string[] {
  const { namespace = "", labels } = metadata;
  const tenant = tenantOf(caches.get(namespaceKind, namespace));
  const isWide = labels?.[TENANT_WIDE] === "true" && tenant !== undefined;
  if (!isWide || namespace !== namespaceOfTenant(tenant)) return [namespace];
  return caches.namespacesOfTenant(tenant).map((one) => one.metadata.name);
}
