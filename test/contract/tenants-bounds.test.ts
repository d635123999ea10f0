import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { limitRangeKind } from "#api/kinds/limit-range";
import { namespaceKind } from "#api/kinds/namespace";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { podKind } from "#api/kinds/pod";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { roleBindingKind } from "#api/kinds/role-binding";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { Kind } from "#api/machinery/define-kind";
import type { Pod, ResourceQuota } from "#api/schema/types";
import { TENANT_OWNER_ROLE, TENANT_WIDE } from "#api/tenants/names";
import type { Client } from "#client/client";
import {
  configMap,
  pod,
  refusalOf,
  service,
  startTestApi,
  type TestApi,
} from "#test/contract/api-fixture";
import { makeNamespace, makeTenant, tenant, tenantPlan } from "#test/contract/tenants-fixture";
import { deployment } from "#test/support/workloads";

/** What a tenant, and whoever owns it, cannot do: held by admission and RBAC, whoever writes. */
let api: TestApi;
let client: Client;

beforeEach(async () => {
  api = await startTestApi();
  ({ client } = api);
});

afterEach(() => api.close());

const inNamespace = <T extends { metadata: object }>(namespace: string, object: T): T => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});
const podIn = (namespace: string, name: string, spec: Partial<Pod["spec"]> = {}): Pod =>
  inNamespace(namespace, pod(name, spec));

describe("a quota over several namespaces", () => {
  const sized = [{ name: "main", image: "web:1", resources: { requests: { cpu: "100m" } } }];
  let namespaces: string[];

  beforeEach(async () => {
    const first = await makeTenant(client, "a", {}, { maxNamespaces: 3 });
    namespaces = [first];
    for (const name of ["a-staging", "a-test"]) {
      namespaces.push(await makeNamespace(client, "a", name));
    }
    const metadata = { name: "kaji-tenant", namespace: first, labels: { [TENANT_WIDE]: "true" } };
    const spec = { hard: { "requests.cpu": "900m", pods: "20" } };
    await client.create(resourceQuotaKind, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata,
      spec,
    });
  });

  const used = async (): Promise<ResourceQuota["status"]> =>
    (await client.get(resourceQuotaKind, "kaji-tenant", "tenant-a")).status;

  test("is never exceeded by writers of all of them, through two servers", async () => {
    const other = await startTestApi(api.store);
    try {
      const attempts = Array.from({ length: 36 }, (_, index) => {
        const through = index % 2 === 0 ? client : other.client;
        const namespace = namespaces[index % 3] ?? "";
        return through.create(podKind, podIn(namespace, `web-${index}`, { containers: sized }));
      });
      const outcomes = await Promise.allSettled(attempts);
      const created = outcomes.filter(({ status }) => status === "fulfilled").length;
      const pods = (await client.list(podKind)).items;
      expect(pods).toHaveLength(created);
      expect(created).toBeGreaterThan(0);
      expect(created).toBeLessThanOrEqual(9);
      expect((await used())?.used?.["requests.cpu"]).toBe(`${created * 100}m`);
    } finally {
      await other.apiServer.close();
    }
  });

  test("says in its own words what is used and what was wanted", async () => {
    for (let index = 0; index < 9; index++) {
      const namespace = namespaces[index % 3] ?? "";
      await client.create(podKind, podIn(namespace, `web-${index}`, { containers: sized }));
    }
    const late = podIn("a-test", "late", { containers: sized });
    expect((await refusalOf(client.create(podKind, late))).message).toBe(
      'pods "late" is forbidden: exceeded quota: kaji-tenant, requested: requests.cpu=100m, used: requests.cpu=900m, limited: requests.cpu=900m',
    );
  });

  test("counts all of them again when it is written", async () => {
    await client.create(podKind, podIn("a-staging", "web", { containers: sized }));
    const quota = await client.get(resourceQuotaKind, "kaji-tenant", "tenant-a");
    const hard = { "requests.cpu": "900m", pods: "1" };
    await client.update(resourceQuotaKind, { ...quota, spec: { hard } });
    expect((await used())?.used).toEqual({ "requests.cpu": "100m", pods: "1" });
  });

  test("has no say over the namespaces of others", async () => {
    const other = await makeTenant(client, "b");
    await client.create(podKind, podIn(other, "web", pod("x").spec));
    expect((await used())?.used?.pods).toBe("0");
  });
});

describe("the namespaces of a tenant", () => {
  test("are as many as its plan allows, and stay its own", async () => {
    await makeTenant(client, "a", {}, { maxNamespaces: 2 });
    await makeNamespace(client, "a", "more");
    expect((await refusalOf(makeNamespace(client, "a", "too-many"))).message).toContain(
      'tenant "a" has 2 of the 2 namespaces that its plan allows',
    );
    expect((await refusalOf(makeNamespace(client, "nobody", "lost"))).message).toContain(
      'there is no tenant "nobody"',
    );
    for (const label of ["b", null]) {
      const body = { metadata: { labels: { "kaji.dev/tenant": label } } };
      const change = client.patch(namespaceKind, { name: "more" }, { type: "merge", body });
      expect((await refusalOf(change)).message).toContain("cannot be changed");
    }
    const body = { metadata: { labels: { "kaji.dev/tenant": "a" } } };
    const join = client.patch(namespaceKind, { name: "default" }, { type: "merge", body });
    expect((await refusalOf(join)).code).toBe(403);
  });

  test("have a name that nobody else takes", async () => {
    await client.create(tenantKind, tenant("a"));
    const metadata = { name: "tenant-a" };
    const taken = client.create(namespaceKind, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata,
      spec: {},
    });
    expect((await refusalOf(taken)).message).toContain('the name is kept for tenant "a"');
  });

  test("begin nothing new by people while it is cordoned", async () => {
    const namespace = await makeTenant(client, "a");
    await bindOwner(namespace, "jane");
    await client.patch(
      tenantKind,
      { name: "a" },
      { type: "merge", body: { spec: { cordoned: true } } },
    );
    const jane = api.clientFor({ name: "jane", groups: ["system:authenticated"] });
    const refusal = await refusalOf(
      jane.create(configMapKind, inNamespace(namespace, configMap("x"))),
    );
    expect(refusal.message).toContain('tenant "a" is cordoned: nothing new is made for it');
    expect((await refusalOf(makeNamespace(client, "a", "more"))).message).toContain("is cordoned");
  });
});

describe("a tenant's Services and pods", () => {
  test("reach nothing but what is the tenant's own", async () => {
    const namespace = await makeTenant(client, "a");
    const specs = [
      { type: "NodePort" },
      { type: "LoadBalancer" },
      { type: "ExternalName", externalName: "b.tenant-b.svc.cluster.local" },
      { externalIPs: ["10.0.0.1"] },
    ];
    for (const spec of specs) {
      const made = client.create(serviceKind, inNamespace(namespace, service("web", spec)));
      expect((await refusalOf(made)).code, JSON.stringify(spec)).toBe(403);
    }
    const plain = await client.create(serviceKind, inNamespace(namespace, service("web")));
    const change = { ...plain, spec: { ...plain.spec, type: "NodePort" } };
    expect((await refusalOf(client.update(serviceKind, change))).message).toContain(
      "type NodePort opens a port on every node, which a tenant's Service may not",
    );
    const urgent = podIn(namespace, "urgent", { priorityClassName: "system-node-critical" });
    expect((await refusalOf(client.create(podKind, urgent))).message).toContain(
      "the cluster's own",
    );
  });

  test("never break out of a dedicated tenant, whatever the namespace's label says", async () => {
    const namespace = await makeTenant(client, "a");
    const lax = { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } };
    await client.patch(namespaceKind, { name: namespace }, { type: "merge", body: lax });
    const bad = podIn(namespace, "bad", {
      hostNetwork: true,
      volumes: [{ name: "root", hostPath: { path: "/" } }],
      containers: [{ name: "c", image: "web:1", securityContext: { privileged: true } }],
    });
    expect((await refusalOf(client.create(podKind, bad))).message).toBe(
      'pods "bad" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPath volumes (volume "root"), privileged (container "c" must not set securityContext.privileged=true)',
    );
    await client.create(podKind, podIn(namespace, "good"));
  });

  test("have users of their own when the tenant is sandboxed, asked or not", async () => {
    const namespace = await makeTenant(client, "s", { mode: "sandboxed" });
    const made = await client.create(podKind, podIn(namespace, "loose", { hostUsers: true }));
    expect(made.spec.hostUsers).toBe(false);
    expect(made.spec.securityContext?.seccompProfile).toEqual({ type: "RuntimeDefault" });
    expect(made.spec.containers[0]?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    const securityContext = { allowPrivilegeEscalation: true };
    const containers = [{ name: "main", image: "web:1", securityContext }];
    const bold = await refusalOf(client.create(podKind, podIn(namespace, "bold", { containers })));
    expect(bold.message).toContain(
      'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    );
  });
});

describe("Pod Security Standards for everyone", () => {
  test("follow the namespace's labels, and know only their levels", async () => {
    const enforce = (level: string): Promise<unknown> => {
      const body = { metadata: { labels: { "pod-security.kubernetes.io/enforce": level } } };
      return client.patch(namespaceKind, { name: "default" }, { type: "merge", body });
    };
    expect((await refusalOf(enforce("strict"))).message).toContain(
      'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
    );
    await client.create(podKind, pod("before", { hostPID: true }));
    await enforce("baseline");
    const refusal = await refusalOf(client.create(podKind, pod("after", { hostPID: true })));
    expect(refusal.message).toContain("host namespaces (hostPID=true)");
    const { uid: _, ...metadata } = deployment("web").metadata;
    await client.create(deploymentKind, { ...deployment("web"), metadata });
  });
});

describe("an owner", () => {
  test("does in the tenant's namespaces what an admin does, but for its bounds", async () => {
    const namespace = await makeTenant(client, "a");
    const other = await makeTenant(client, "b");
    await bindOwner(namespace, "jane");
    const jane = api.clientFor({ name: "jane", groups: ["system:authenticated"] });
    await jane.create(configMapKind, inNamespace(namespace, configMap("mine")));
    await jane.create(podKind, podIn(namespace, "mine"));
    await jane.list(secretKind, { namespace });
    const bounds = [networkPolicyKind, resourceQuotaKind, limitRangeKind];
    for (const kind of bounds as unknown as readonly Kind[]) {
      await jane.list(kind, { namespace });
      for (const verb of ["create", "update", "patch", "delete"]) {
        expect(await isAllowed(jane, kind, verb, namespace), `${verb} ${kind.plural}`).toBe(false);
      }
    }
    for (const kind of [secretKind, podKind, configMapKind] as unknown as readonly Kind[]) {
      expect((await refusalOf(jane.list(kind, { namespace: other }))).code).toBe(403);
      expect((await refusalOf(jane.list(kind))).code).toBe(403);
    }
    expect((await refusalOf(jane.list(tenantKind))).code).toBe(403);
    const escalation = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "more", namespace },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "cluster-admin",
      },
      subjects: [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }],
    };
    expect((await refusalOf(jane.create(roleBindingKind, escalation))).message).toContain(
      "not currently held",
    );
  });
});

describe("a plan", () => {
  test.each([
    [{ apiVersion: "v1", kind: "Node", metadata: { name: "n" } }, "a Node is in no namespace"],
    [{ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }, "make pods by a Deployment"],
    [
      { apiVersion: "v9", kind: "Secret", metadata: { name: "s" } },
      'Unsupported value: "v9 Secret"',
    ],
    [{ apiVersion: "v1", kind: "Secret" }, "spec.template[0].metadata.name: Required value"],
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "${nmae}" } },
      "${nmae} is not known: use ${tenant}",
    ],
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "default" } },
      "goes into the tenant's own namespace",
    ],
  ])("is refused with %j in its template", async (manifest, sentence) => {
    const refused = client.create(tenantPlanKind, tenantPlan("bad", { template: [manifest] }));
    expect((await refusalOf(refused)).message).toContain(sentence);
  });

  test("is not deleted while tenants are of it", async () => {
    await client.create(tenantPlanKind, tenantPlan("small"));
    await client.create(tenantKind, tenant("a", { mode: "pooled" }));
    const refusal = await refusalOf(client.delete(tenantPlanKind, { name: "small" }));
    expect(refusal.message).toContain('tenant "a" is of this plan');
    await client.delete(tenantKind, { name: "a" });
    await client.delete(tenantPlanKind, { name: "small" });
  });

  test("keeps its template as it was written", async () => {
    const data = { a: "${tenant}", nested: "$${HOME} ${parameters.x:-1}" };
    const template = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data }];
    await client.create(tenantPlanKind, tenantPlan("good", { template }));
    expect((await client.get(tenantPlanKind, "good")).spec.template).toEqual(template);
  });

  test.each([
    ["A.example", "host names are lower case: a.example"],
    ["*.example", "without a wildcard"],
    ["10.0.0.1", "must be a DNS name, not an IP address"],
    ["a.example:80", "a host name has no port"],
    ["a.example.", "without the dot at its end"],
    ["a b", "lowercase RFC 1123 subdomain"],
  ])("gives no tenant the host %j", async (host, sentence) => {
    const refused = client.create(tenantKind, tenant("a", { hosts: [host] }));
    expect((await refusalOf(refused)).message).toContain(sentence);
  });
});

async function bindOwner(namespace: string, name: string): Promise<void> {
  const group = "rbac.authorization.k8s.io";
  await client.create(roleBindingKind, {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: "kaji-tenant", namespace },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: TENANT_OWNER_ROLE },
    subjects: [{ kind: "User", name, apiGroup: group }],
  });
}

async function isAllowed(
  as: Client,
  kind: Kind,
  verb: string,
  namespace: string,
): Promise<boolean | undefined> {
  const resourceAttributes = { verb, namespace, group: kind.group, resource: kind.plural };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const answer = await as.raw("POST", path, { spec: { resourceAttributes } });
  return (answer as { status?: { allowed?: boolean } }).status?.allowed;
}
