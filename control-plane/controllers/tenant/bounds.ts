import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { limitRangeKind } from "#api/kinds/limit-range";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { roleBindingKind } from "#api/kinds/role-binding";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { RbacV1Subject } from "#api/schema/types";
import {
  BOUNDS_NAME,
  namespaceOfTenant,
  TENANT_ACCOUNT,
  TENANT_LABEL,
  TENANT_OWNER_ROLE,
  TENANT_WIDE,
} from "#api/tenants/names";
import type { TenantPart } from "#control-plane/controllers/tenant/rendering";

/**
 * What bounds a tenant: its owners may read it and not change it. In each of its namespaces a network policy and who
 * its owners are, and limits where the plan has some; in the first one the quota over all of them. And in the
 * cluster, the right of its people to see the tenant itself.
 */
const RBAC = "rbac.authorization.k8s.io";
const DNS_PORT = 53;

export function boundsOf(tenant: Tenant, plan: TenantPlan, namespace: string): TenantPart[] {
  const { quota = {}, limits = [] } = plan.spec;
  const isFirst = namespace === namespaceOfTenant(tenant.metadata.name);
  const hasQuota = isFirst && Object.keys(quota).length > 0;
  return [
    ...(hasQuota
      ? [part(resourceQuotaKind, namespace, { spec: { hard: quota } }, { [TENANT_WIDE]: "true" })]
      : []),
    ...(limits.length > 0 ? [part(limitRangeKind, namespace, { spec: { limits } })] : []),
    part(networkPolicyKind, namespace, { spec: networkPolicy(tenant.metadata.name) }),
    part(roleBindingKind, namespace, {
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: TENANT_OWNER_ROLE },
      subjects: subjectsOf(tenant),
    }),
  ];
}

/** Who may get the one Tenant. They go with it: see `roleNameOf`. */
export function clusterPartsOf(tenant: Tenant): TenantPart[] {
  const { name, uid = "" } = tenant.metadata;
  const metadata = {
    name: roleNameOf(name),
    labels: { [TENANT_LABEL]: name },
    ownerReferences: [{ apiVersion: tenant.apiVersion, kind: tenant.kind, name, uid }],
  };
  const rules = [
    { apiGroups: ["kaji.dev"], resources: ["tenants"], resourceNames: [name], verbs: ["get"] },
  ];
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: metadata.name };
  return [
    { kind: clusterRoleKind, object: typed(clusterRoleKind, { metadata, rules }) },
    {
      kind: clusterRoleBindingKind,
      object: typed(clusterRoleBindingKind, { metadata, roleRef, subjects: subjectsOf(tenant) }),
    },
  ];
}

export function roleNameOf(tenant: string): string {
  return `kaji:tenant:${tenant}`;
}

/** The owners, and the account that `kaji tenant kubeconfig` makes. */
function subjectsOf({ metadata, spec }: Tenant): RbacV1Subject[] {
  const account = {
    kind: "ServiceAccount",
    name: TENANT_ACCOUNT,
    namespace: namespaceOfTenant(metadata.name),
  };
  const owners = (spec.owners ?? []).map(({ kind, name, namespace }) => ({
    kind,
    name,
    ...(kind === "ServiceAccount" ? { namespace } : { apiGroup: RBAC }),
  }));
  return [account, ...owners] as RbacV1Subject[];
}

/**
 * Nobody but the tenant's own pods and the nodes themselves (the ingress, probes) reaches its pods, and these reach
 * no others, but for names. What more a plan wants to allow, a NetworkPolicy in its template does.
 */
function networkPolicy(tenant: string): object {
  const own = [{ namespaceSelector: { matchLabels: { [TENANT_LABEL]: tenant } } }];
  const names = ["UDP", "TCP"].map((protocol) => ({ protocol, port: DNS_PORT }));
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [...own, systemPeer({ "app.kubernetes.io/name": "kaji-ingress" })] }],
    egress: [{ to: own }, { to: [systemPeer({ "k8s-app": "kube-dns" })], ports: names }],
  };
}

/** See docs/network-policy.md: what runs on the nodes has the labels that it has as pods elsewhere. */
function systemPeer(matchLabels: Readonly<Record<string, string>>): object {
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
  return { namespaceSelector, podSelector: { matchLabels } };
}

function part(
  kind: Kind,
  namespace: string,
  content: object,
  labels: Readonly<Record<string, string>> = {},
): TenantPart {
  const metadata = {
    name: BOUNDS_NAME,
    namespace,
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
  };
  return { kind, object: typed(kind, { metadata, ...content }) };
}

function typed<T extends Pick<KubeObject, "metadata">>(kind: Kind, content: T): KubeObject {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...content };
}
