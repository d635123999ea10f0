import { defineAudit, type ObjectsByKind } from "#api/audit/define-audit";
import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { describeAmounts, namesOver, parseAmounts, pick } from "#api/quota/amounts";
import { usedOf } from "#api/quota/count";
import { covers } from "#api/quota/scopes";
import { isSameResource, resourceCountedBy, usageOf } from "#api/quota/usage";
import type { ResourceQuota } from "#api/schema/types";

export const quotasAreKept = defineAudit({
  name: "quotas-are-kept",
  invariant: "Nothing is created that takes a namespace over one of its quotas.",
  isEventual: false,
  *check(objects) {
    for (const quota of objects.of<ResourceQuota>("ResourceQuota")) {
      const { namespace } = quota.metadata;
      const objectsOf = (resource: { group: string; plural: string }): KubeObject[] => {
        const kind = kinds.find((one) => isSameResource(one, resource));
        return kind ? inNamespace(objects, kind, namespace) : [];
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

function inNamespace(
  objects: ObjectsByKind,
  kind: Kind,
  namespace: string | undefined,
): KubeObject[] {
  const all = objects.of<KubeObject>(kind.kind);
  return all.filter(({ metadata }) => metadata.namespace === namespace);
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
