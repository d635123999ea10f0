import { aggregatedRules } from "#api/rbac/aggregate";
import { adminRules, editRules, rule, viewRules } from "#api/rbac/default-rules";
import { tenantOwnerRules } from "#api/rbac/tenant-owner-rules";
import { EVERYTHING } from "#api/rbac/policy-rules";
import type { ClusterRole, ClusterRoleBinding, PolicyRule } from "#api/schema/types";
import { TENANT_OWNER_ROLE } from "#api/tenants/names";

/**
 * The cluster roles and bindings that every cluster has from its start, as Kubernetes names them. `view` is gathered
 * into `edit` and `edit` into `admin`; whoever labels a cluster role of their own `rbac.authorization.k8s.io/
 * aggregate-to-view: "true"` adds its rules to all three.
 */
const GROUP = "rbac.authorization.k8s.io";
const DEFAULTS = { "kubernetes.io/bootstrapping": "rbac-defaults" };

const healthPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const discoveryPaths = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"];

const plainRoles: readonly ClusterRole[] = [
  role("cluster-admin", [...EVERYTHING]),
  role("system:aggregate-to-admin", adminRules, aggregatedTo("admin")),
  role("system:aggregate-to-edit", editRules, aggregatedTo("edit")),
  role("system:aggregate-to-view", viewRules, aggregatedTo("view")),
  role("system:basic-user", [
    rule(
      "authorization.k8s.io",
      ["create"],
      ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    ),
    rule("authentication.k8s.io", ["create"], ["selfsubjectreviews"]),
  ]),
  role("system:discovery", [
    { nonResourceURLs: [...discoveryPaths, ...healthPaths], verbs: ["get"] },
  ]),
  role(TENANT_OWNER_ROLE, tenantOwnerRules),
  role("system:public-info-viewer", [{ nonResourceURLs: healthPaths, verbs: ["get"] }]),
];

/** With the rules that the controller will find in them, so that it finds nothing to do. */
export const defaultClusterRoles: readonly ClusterRole[] = [
  gathering("view", aggregatedTo("edit")),
  gathering("edit", aggregatedTo("admin")),
  gathering("admin", {}),
].reduce<readonly ClusterRole[]>(
  (roles, one) => [...roles, { ...one, rules: aggregatedRules(one, roles) }],
  plainRoles,
);

export const defaultClusterRoleBindings: readonly ClusterRoleBinding[] = [
  binding("cluster-admin", ["system:masters"]),
  binding("system:basic-user", ["system:authenticated"]),
  binding("system:discovery", ["system:authenticated"]),
  binding("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
];

function role(name: string, rules: PolicyRule[], labels: Record<string, string> = {}): ClusterRole {
  const metadata = { name, labels: { ...DEFAULTS, ...labels } };
  return { apiVersion: `${GROUP}/v1`, kind: "ClusterRole", metadata, rules };
}

function aggregatedTo(name: string): Record<string, string> {
  return { [`${GROUP}/aggregate-to-${name}`]: "true" };
}

function gathering(name: string, labels: Record<string, string>): ClusterRole {
  const clusterRoleSelectors = [{ matchLabels: aggregatedTo(name) }];
  return { ...role(name, [], labels), aggregationRule: { clusterRoleSelectors } };
}

/** Of the cluster role of the same name. */
function binding(name: string, groups: readonly string[]): ClusterRoleBinding {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name, labels: DEFAULTS },
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name },
    subjects: groups.map((group) => ({ apiGroup: GROUP, kind: "Group", name: group })),
  };
}
