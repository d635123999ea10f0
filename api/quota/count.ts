import type { KubeObject } from "#api/machinery/meta";
import type { ResourceName } from "#api/machinery/status-error";
import { add, type Amounts, formatAmounts, pick, pieces } from "#api/quota/amounts";
import { covers } from "#api/quota/scopes";
import { isSameResource, resourceCountedBy, usageOf } from "#api/quota/usage";
import type { ResourceQuota, ResourceQuotaStatus } from "#api/schema/types";

/** The resources of which a quota limits something. */
export function limitedResources({ spec }: Pick<ResourceQuota, "spec">): ResourceName[] {
  const found: ResourceName[] = [];
  for (const name of Object.keys(spec?.hard ?? {})) {
    const resource = resourceCountedBy(name);
    if (!found.some((one) => isSameResource(one, resource))) found.push(resource);
  }
  return found;
}

/** What the objects of the quota's namespace use of it. */
export function usedOf(
  { spec }: ResourceQuota,
  objectsOf: (resource: ResourceName) => Iterable<KubeObject>,
): Amounts {
  const names = Object.keys(spec?.hard ?? {});
  let used: Amounts = new Map(names.map((name) => [name, pieces(0)]));
  for (const resource of limitedResources({ spec })) {
    const limited = names.filter((name) => isSameResource(resourceCountedBy(name), resource));
    for (const object of objectsOf(resource)) {
      if (covers(spec, resource, object))
        used = add(used, pick(usageOf(resource, object), limited));
    }
  }
  return used;
}

export function quotaStatus(
  quota: ResourceQuota,
  objectsOf: (resource: ResourceName) => Iterable<KubeObject>,
): ResourceQuotaStatus {
  return { hard: { ...quota.spec?.hard }, used: formatAmounts(usedOf(quota, objectsOf)) };
}
