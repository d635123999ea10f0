import type { PolicyRule } from "#api/schema/types";

/**
 * What the roles `view`, `edit` and `admin` give in a namespace: what Kubernetes' roles of these names give, of the
 * resources that are served here, and as much of Kaji's own. Secrets are not to be viewed: whoever reads a token is its account.
 */
const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];

const CORE = "";
const APPS = "apps";
const AUTOSCALING = "autoscaling";
const BATCH = "batch";
const DISCOVERY = "discovery.k8s.io";
const KAJI = "kaji.dev";
const METRICS = "metrics.k8s.io";
const NETWORKING = "networking.k8s.io";
const POLICY = "policy";

const coreObjects = [
  "configmaps",
  "events",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "replicationcontrollers/scale",
  "serviceaccounts",
  "services",
];
const workloads = [
  "daemonsets",
  "deployments",
  "deployments/scale",
  "replicasets",
  "replicasets/scale",
  "statefulsets",
  "statefulsets/scale",
];
const autoscalers = ["horizontalpodautoscalers"];
const ownAutoscalers = ["requestautoscalers"];
const jobs = ["cronjobs", "jobs"];
const networkObjects = ["ingresses", "networkpolicies"];
const budgets = ["poddisruptionbudgets"];

export const viewRules: PolicyRule[] = [
  rule(CORE, READ, [
    ...coreObjects,
    "bindings",
    "limitranges",
    "namespaces",
    "namespaces/status",
    "persistentvolumeclaims/status",
    "pods/log",
    "pods/status",
    "replicationcontrollers/status",
    "resourcequotas",
    "resourcequotas/status",
    "services/status",
  ]),
  rule(APPS, READ, ["controllerrevisions", ...workloads, ...statusesOf(workloads)]),
  rule(AUTOSCALING, READ, [...autoscalers, ...statusesOf(autoscalers)]),
  rule(BATCH, READ, [...jobs, ...statusesOf(jobs)]),
  rule(DISCOVERY, READ, ["endpointslices"]),
  rule(KAJI, READ, [...ownAutoscalers, ...statusesOf(ownAutoscalers), "trafficreports"]),
  rule(METRICS, READ, ["pods"]),
  rule(NETWORKING, READ, [...networkObjects, "ingresses/status"]),
  rule(POLICY, READ, [...budgets, ...statusesOf(budgets)]),
];

export const editRules: PolicyRule[] = [
  rule(CORE, READ, ["pods/attach", "pods/exec", "pods/portforward", "secrets"]),
  rule(CORE, ["impersonate"], ["serviceaccounts"]),
  rule(CORE, WRITE, [...coreObjects, "pods/attach", "pods/exec", "pods/portforward", "secrets"]),
  rule(CORE, ["patch", "update"], ["pods/ephemeralcontainers", "pods/resize"]),
  rule(CORE, ["create"], ["pods/eviction", "serviceaccounts/token"]),
  rule(APPS, WRITE, workloads),
  rule(AUTOSCALING, WRITE, autoscalers),
  rule(BATCH, WRITE, jobs),
  rule(KAJI, WRITE, ownAutoscalers),
  rule(NETWORKING, WRITE, networkObjects),
  rule(POLICY, WRITE, budgets),
  rule("coordination.k8s.io", [...READ, ...WRITE], ["leases"]),
];

export const adminRules: PolicyRule[] = [
  rule("authorization.k8s.io", ["create"], ["localsubjectaccessreviews"]),
  rule("rbac.authorization.k8s.io", [...READ, ...WRITE], ["rolebindings", "roles"]),
];

export function rule(apiGroup: string, verbs: string[], resources: string[]): PolicyRule {
  return { apiGroups: [apiGroup], resources: resources.toSorted(), verbs };
}

function statusesOf(resources: readonly string[]): string[] {
  return resources.filter((one) => !one.includes("/")).map((one) => `${one}/status`);
}
