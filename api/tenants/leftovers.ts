import type { KubeObject } from "#api/machinery/meta";
import { namespaceOfTenant, TENANT_LABEL } from "#api/tenants/names";

/** What there is of a tenant among the objects: after its deletion nothing, but events, which expire. */
export function objectsOfTenant<T extends KubeObject>(name: string, objects: readonly T[]): T[] {
  const labelled = objects.filter((one) => isLabelled(one, name) && one.kind === "Namespace");
  const namespaces = [namespaceOfTenant(name), ...labelled.map(({ metadata }) => metadata.name)];
  return objects.filter((object) => {
    const { metadata } = object;
    if (object.kind === "Event" && !namespaces.includes(metadata.namespace ?? "")) return false;
    return (
      namespaces.includes(metadata.namespace ?? "") ||
      isLabelled(object, name) ||
      (object.kind === "Tenant" && metadata.name === name) ||
      isVolumeOf(object, namespaces) ||
      (metadata.ownerReferences ?? []).some((one) => one.kind === "Tenant" && one.name === name)
    );
  });
}

function isLabelled({ metadata }: KubeObject, tenant: string): boolean {
  return metadata.labels?.[TENANT_LABEL] === tenant;
}

function isVolumeOf(object: KubeObject, namespaces: readonly string[]): boolean {
  const { spec } = object as { spec?: { claimRef?: { namespace?: string } } };
  const isVolume = object.kind === "PersistentVolume";
  return isVolume && namespaces.includes(spec?.claimRef?.namespace ?? "");
}
