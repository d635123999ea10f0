import { TRAFFIC_PATH } from "#api/history/traffic-counts";
import type { Rule } from "#api/rbac/policy-rules";
import type { UserInfo } from "#client/transport";

/** Rules that a user or a group holds. */
interface Grant {
  readonly user?: string;
  readonly group?: string;
  readonly rules: readonly Rule[];
}

const READ = ["get", "list", "watch"];

/** What holds whatever the objects of RBAC say: a cluster without any still has an admin, and an ingress that works. */
const grants: readonly Grant[] = [
  {
    group: "system:masters",
    rules: [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ],
  },
  {
    group: "system:authenticated",
    rules: [
      {
        verbs: ["get"],
        nonResourceURLs: [
          "/api",
          "/api/*",
          "/apis",
          "/apis/*",
          "/openapi",
          "/openapi/*",
          "/healthz",
          "/livez",
          "/readyz",
          "/version",
          "/version/",
        ],
      },
      {
        verbs: ["create"],
        apiGroups: ["authorization.k8s.io"],
        resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
      },
      {
        verbs: ["create"],
        apiGroups: ["authentication.k8s.io"],
        resources: ["selfsubjectreviews"],
      },
    ],
  },
  {
    group: "system:unauthenticated",
    rules: [
      {
        verbs: ["get"],
        nonResourceURLs: [
          "/healthz",
          "/healthz/*",
          "/livez",
          "/livez/*",
          "/readyz",
          "/readyz/*",
          "/version",
          "/version/",
        ],
      },
    ],
  },
  {
    user: "system:kaji:ingress",
    rules: [
      { verbs: ["get", "post"], nonResourceURLs: [TRAFFIC_PATH] },
      { verbs: READ, apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"] },
      {
        verbs: READ,
        apiGroups: [""],
        resources: ["services", "pods", "secrets", "configmaps", "namespaces", "nodes"],
      },
      { verbs: READ, apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] },
      { verbs: READ, apiGroups: ["kaji.dev"], resources: ["requestautoscalers"] },
      {
        verbs: [...READ, "create", "update", "patch", "delete"],
        apiGroups: ["kaji.dev"],
        resources: ["trafficreports", "trafficreports/status"],
      },
      {
        verbs: ["get", "update", "patch"],
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses/status"],
      },
      { verbs: ["get", "update", "patch"], apiGroups: [""], resources: ["pods/status"] },
      { verbs: ["create", "update", "patch"], apiGroups: [""], resources: ["events"] },
      { verbs: READ, apiGroups: ["kaji.dev"], resources: ["tenants", "tenantplans"] },
      { verbs: ["patch"], apiGroups: ["kaji.dev"], resources: ["tenants/status"] },
      {
        verbs: ["get", "list", "watch", "create", "update", "patch"],
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
      },
    ],
  },
];

export function fixedRulesFor(user: UserInfo): Rule[] {
  return grants
    .filter(
      (grant) =>
        (grant.user !== undefined && grant.user === user.name) ||
        (grant.group !== undefined && user.groups.includes(grant.group)),
    )
    .flatMap((grant) => grant.rules);
}
