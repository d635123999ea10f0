import { defineAudit, type ObjectsByKind } from "#api/audit/define-audit";
import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { describeAmounts, namesOver, parseAmounts, pick } from "#api/quota/amounts";
import { usedOf } from "#api/quota/count";
import { covers } from "#api/quota/scopes";
import { isSameResource, resourceCountedBy, usageOf } from "#api/quota/usage";
import type { Namespace, ResourceQuota } from "#api/schema/types";
import { TENANT_WIDE, tenantOf } from "#api/tenants/names";

export const quotasAreKept = defineAudit({
  name: "quotas-are-kept",
  invariant: "Nothing is created that takes a namespace over one of its quotas.",
  isEventual: false,
  *check(objects) {
    for (const quota of objects.of<ResourceQuota>("ResourceQuota")) {
      const namespaces = namespacesOf(quota, objects);
      const objectsOf = (resource: { group: string; plural: string }): KubeObject[] => {
        const kind = kinds.find((one) => isSameResource(one, resource));
        return kind ? inNamespaces(objects, kind, namespaces) : [];
      };
      const hard = parseAmounts(quota.spec.hard);
      const used = usedOf(quota, objectsOf);
      for (const name of namesOver(used, hard)) {
        // A quota does not touch what was there before it, or before it was lowered.
        const resource = resourceCountedBy(name);
        const newer = objectsOf(resource).find(
          (object) =>
            covers(quota.spec, resource, object) &&
            usageOf(resource, object).has(name) &&
            createdMs(object) > limitedSinceMs(quota),
        );
        const [is, allowed] = [describeAmounts(pick(used, [name])), quota.spec.hard?.[name]];
        const message = `${is} is used of ${allowed}, by ${newer?.metadata.name} among others`;
        if (newer) yield { object: quota, message };
      }
    }
  },
});

/** Its own; of a tenant's quota, all that are the tenant's. */
function namespacesOf({ metadata }: ResourceQuota, objects: ObjectsByKind): readonly string[] {
  const { namespace = "", labels } = metadata;
  const all = objects.of<Namespace>("Namespace");
  const tenant = tenantOf(all.find((one) => one.metadata.name === namespace));
  if (labels?.[TENANT_WIDE] !== "true" || tenant === undefined) return [namespace];
  return all.filter((one) => tenantOf(one) === tenant).map((one) => one.metadata.name);
}

function inNamespaces(
  objects: ObjectsByKind,
  kind: Kind,
  namespaces: readonly string[],
): KubeObject[] {
  const all = objects.of<KubeObject>(kind.kind);
  return all.filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
}

function createdMs({ metadata }: Pick<KubeObject, "metadata">): number {
  return Date.parse(metadata.creationTimestamp ?? "") || 0;
}

/** When someone last wrote what the quota allows. */
function limitedSinceMs({ metadata }: ResourceQuota): number {
  const writes = (metadata.managedFields ?? []).filter(({ subresource }) => !subresource);
  const times = writes.map(({ time }) => Date.parse(time ?? "") || 0);
  return Math.max(createdMs({ metadata }), ...times);
}
