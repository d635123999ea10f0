import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { namespaceKind } from "#api/kinds/namespace";
import { tenantKind } from "#api/kinds/tenant";
import type { Kind } from "#api/machinery/define-kind";
import { namespaceOfTenant, TENANT_FINALIZER } from "#api/tenants/names";
import { type Action, type Reference, targetOf } from "#control-plane/controllers/controller";
import { roleNameOf } from "#control-plane/controllers/tenant/bounds";
import { namesOf, type TenantInput } from "#control-plane/controllers/tenant/input";
import { planStatus } from "#control-plane/controllers/tenant/status";

/**
 * Everything goes: the namespaces with all in them, then the right to see the tenant, and when the API server itself
 * says that nothing is left, the tenant, whose hosts are given back in the same write.
 */
export function planDeletion(input: TenantInput, nowMs: number): Action[] {
  const { tenant, namespaces } = input;
  if (!tenant.metadata.finalizers?.includes(TENANT_FINALIZER)) return [];
  if (namespaces.length === 0) return planEnd(input);
  const names = namesOf(tenant, namespaces);
  const message = `being deleted: ${names.join(", ")}`;
  const verdict = {
    phase: "Terminating",
    isReady: false,
    reason: "NamespacesRemain",
    message,
  } as const;
  const deletions = namespaces
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(
      (namespace): Action => ({
        type: "delete",
        kind: namespaceKind,
        target: targetOf(namespace),
        event: {
          about: tenant,
          type: "Normal",
          reason: "Deleting",
          message: "Deleting namespace %NAME%",
        },
      }),
    );
  return [...deletions, ...planStatus(tenant, { verdict, namespaces: names }, nowMs)];
}

function planEnd({ tenant, bounds }: TenantInput): Action[] {
  const { name, finalizers = [], resourceVersion } = tenant.metadata;
  const role = roleNameOf(name);
  const kinds = [clusterRoleBindingKind, clusterRoleKind] as unknown as readonly Kind[];
  const roles = kinds
    .filter((kind) => bounds.has(`${kind.kind} /${role}`))
    .map(
      (kind): Action => ({
        type: "delete",
        kind,
        target: { namespace: undefined, name: role, uid: undefined },
      }),
    );
  const absent = (kind: Kind, of: string): Reference => ({
    kind,
    namespace: undefined,
    name: of,
    uid: undefined,
  });
  const kept = finalizers.filter((one) => one !== TENANT_FINALIZER);
  return [
    ...roles,
    {
      type: "patch",
      kind: tenantKind,
      target: targetOf(tenant),
      body: { metadata: { finalizers: kept, resourceVersion } },
      onlyIfAbsent: [
        absent(namespaceKind, namespaceOfTenant(name)),
        ...kinds.map((kind) => absent(kind, role)),
      ],
    },
  ];
}
