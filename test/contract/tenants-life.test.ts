import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { namespaceKind } from "#api/kinds/namespace";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { podKind } from "#api/kinds/pod";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { roleBindingKind } from "#api/kinds/role-binding";
import { serviceKind } from "#api/kinds/service";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { Kind } from "#api/machinery/define-kind";
import type { Tenant } from "#api/schema/own/tenant";
import { objectsOfTenant } from "#api/tenants/leftovers";
import { toTime } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { refusalOf } from "#test/contract/api-fixture";
import { makeNamespace, tenant, tenantPlan } from "#test/contract/tenants-fixture";

/** Tenants from their first request to their end, beside all other controllers, on virtual time. */
let cluster: Cluster;

const labels = { app: "web" };
const template = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: "${parameters.image:-web:1}",
              env: [{ name: "HOST", value: "https://${host}" }],
              resources: { requests: { cpu: "100m" } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: labels, ports: [{ port: 80 }] },
  },
];
const owners = [{ kind: "User", name: "jane" }];

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  await cluster.startControlPlane();
  const { client } = cluster;
  const quota = { "requests.cpu": "1", "count/configmaps": "10" };
  await client.create(
    tenantPlanKind,
    tenantPlan("small", { template, quota, maxNamespaces: 3, idleTimeoutSeconds: 86_400 }),
  );
  await client.create(tenantKind, tenant("a", { owners, hosts: ["a.example"] }));
  await cluster.run(1_000);
});

afterEach(() => cluster.close());

async function wake(name: string): Promise<void> {
  const body = { status: { wakeRequestTime: toTime(cluster.clock.now()) } };
  const target = { name, subresource: "status" };
  await cluster.client.patch(tenantKind, target, { type: "merge", body });
  await cluster.run(5_000);
}

async function change(name: string, spec: Partial<Tenant["spec"]>): Promise<void> {
  await cluster.client.patch(tenantKind, { name }, { type: "merge", body: { spec } });
  await cluster.run(5_000);
}

const read = (name: string): Promise<Tenant> => cluster.client.get(tenantKind, name);
const replicas = async (): Promise<number | undefined> =>
  (await cluster.client.get(deploymentKind, "web", "tenant-a")).spec.replicas;

describe("a dedicated tenant", () => {
  test("is a record until it is asked for", async () => {
    await cluster.run(60_000);
    const names = (await cluster.client.list(namespaceKind)).items.map((one) => one.metadata.name);
    expect(names).not.toContain("tenant-a");
    expect((await read("a")).status).toBeUndefined();
  });

  test("is made whole by its first request, bounded before it runs", async () => {
    await wake("a");
    const { client } = cluster;
    const made = await read("a");
    expect(made.status).toMatchObject({ phase: "Ready", namespaces: ["tenant-a"] });
    const namespace = await client.get(namespaceKind, "tenant-a");
    expect(namespace.metadata.labels).toMatchObject({
      "kaji.dev/tenant": "a",
      "pod-security.kubernetes.io/enforce": "baseline",
    });
    const [container] =
      (await client.get(deploymentKind, "web", "tenant-a")).spec.template.spec?.containers ?? [];
    expect(container).toMatchObject({ image: "web:1", env: [{ value: "https://a.example" }] });
    const policy = await client.get(networkPolicyKind, "kaji-tenant", "tenant-a");
    expect(policy.spec?.policyTypes).toEqual(["Ingress", "Egress"]);
    const binding = await client.get(roleBindingKind, "kaji-tenant", "tenant-a");
    expect(binding.roleRef.name).toBe("kaji:tenant-owner");
    expect(binding.subjects?.map(({ name }) => name)).toContain("jane");
    const autoscaler = await client.get(requestAutoscalerKind, "web", "tenant-a");
    expect(autoscaler.spec).toMatchObject({ minReplicas: 0, service: "web", maxReplicas: 10 });
    const quota = await client.get(resourceQuotaKind, "kaji-tenant", "tenant-a");
    expect(quota.status?.used?.["requests.cpu"]).toBe("100m");
  });

  test("rests when it is made: nothing is written any more", async () => {
    await wake("a");
    await cluster.run(30_000);
    const before = await read("a");
    await cluster.run(600_000);
    expect((await read("a")).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  test("gets back what bounds it when somebody deletes that", async () => {
    await wake("a");
    const bounds = [networkPolicyKind, roleBindingKind, resourceQuotaKind];
    for (const kind of bounds as unknown as readonly Kind[]) {
      await cluster.client.delete(kind, { name: "kaji-tenant", namespace: "tenant-a" });
      await cluster.run(1_000);
      await cluster.client.get(kind, "kaji-tenant", "tenant-a");
    }
  });

  test("follows its plan, and is not woken by that", async () => {
    await wake("a");
    const scale = { type: "merge", body: { spec: { replicas: 0 } } } as const;
    await cluster.client.patch(deploymentKind, { name: "web", namespace: "tenant-a" }, scale);
    await cluster.run(5_000);
    expect((await read("a")).status?.phase).toBe("Asleep");
    await change("a", { parameters: { image: "web:2" } });
    await cluster.run(10_000);
    const found = await cluster.client.get(deploymentKind, "web", "tenant-a");
    expect(found.spec.template.spec?.containers[0]?.image).toBe("web:2");
    expect(found.spec.replicas).toBe(0);
    await wake("a");
    expect(await replicas()).toBe(1);
    expect((await read("a")).status?.phase).toBe("Ready");
  });

  test("whose template cannot be rendered says why, on itself and on the plan", async () => {
    await cluster.client.create(tenantKind, tenant("homeless"));
    await wake("homeless");
    const { status } = await read("homeless");
    expect(status?.phase).toBe("Failed");
    expect(status?.conditions?.[0]?.message).toContain(
      'the template of TenantPlan "small" cannot be rendered: template[0].spec.template.spec.containers[0].env[0].value: ${host} is wanted, and the tenant has no hosts',
    );
    const plan = await cluster.client.get(tenantPlanKind, "small");
    expect(plan.status?.conditions?.[0]).toMatchObject({ type: "Usable", status: "False" });
    await change("homeless", { hosts: ["late.example"] });
    expect((await read("homeless")).status?.phase).toBe("Ready");
  });

  test("whose template makes an object that is refused says which, and is made when it is right", async () => {
    const { client } = cluster;
    const service = (port: number) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: labels, ports: [{ port }] },
    });
    await client.create(tenantPlanKind, tenantPlan("odd", { template: [service(99_999)] }));
    await client.create(tenantKind, tenant("b", { plan: "odd" }));
    await wake("b");
    const { status } = await read("b");
    expect(status?.phase).toBe("Failed");
    expect(status?.conditions?.[0]?.message).toContain(
      'Service web of its plan cannot be made: Service "web" is invalid: [spec.ports[0].port: Invalid value: 99999',
    );
    const body = { spec: { template: [service(80)] } };
    await client.patch(tenantPlanKind, { name: "odd" }, { type: "merge", body });
    await cluster.run(60_000);
    expect((await read("b")).status).toMatchObject({ phase: "Ready", namespaces: ["tenant-b"] });
    await client.get(serviceKind, "web", "tenant-b");
  });

  test("that is cordoned is not made, and grows no further", async () => {
    await change("a", { cordoned: true });
    await wake("a");
    expect((await read("a")).status).toMatchObject({ phase: "Pending" });
    const names = (await cluster.client.list(namespaceKind)).items.map((one) => one.metadata.name);
    expect(names).not.toContain("tenant-a");
    await change("a", { cordoned: false });
    expect((await read("a")).status?.phase).toBe("Ready");
  });

  test("that is suspended stops, and goes on as it was", async () => {
    await wake("a");
    const scale = { type: "merge", body: { spec: { replicas: 3 } } } as const;
    await cluster.client.patch(deploymentKind, { name: "web", namespace: "tenant-a" }, scale);
    await cluster.run(5_000);
    await change("a", { suspended: true });
    await cluster.run(60_000);
    expect(await replicas()).toBe(0);
    expect((await cluster.client.list(podKind, { namespace: "tenant-a" })).items).toEqual([]);
    expect((await read("a")).status?.phase).toBe("Suspended");
    await change("a", { suspended: false });
    expect(await replicas()).toBe(3);
    expect((await read("a")).status?.phase).toBe("Ready");
  });

  test("stays stopped also where its autoscaler keeps one replica at least", async () => {
    await wake("a");
    const least = { type: "merge", body: { spec: { minReplicas: 1 } } } as const;
    const web = { name: "web", namespace: "tenant-a" };
    await cluster.client.patch(requestAutoscalerKind, web, least);
    await cluster.run(5_000);
    await change("a", { suspended: true });
    await cluster.run(120_000);
    expect(await replicas()).toBe(0);
    await change("a", { suspended: false });
    expect(await replicas()).toBe(1);
  });

  test("has back of its quota what is freed in any of its namespaces", async () => {
    await wake("a");
    await makeNamespace(cluster.client, "a", "staging");
    const used = async (): Promise<string | undefined> =>
      (await cluster.client.get(resourceQuotaKind, "kaji-tenant", "tenant-a")).status?.used?.[
        "count/configmaps"
      ];
    const before = Number(await used());
    const metadata = { name: "one", namespace: "staging" };
    await cluster.client.create(configMapKind, { apiVersion: "v1", kind: "ConfigMap", metadata });
    expect(Number(await used())).toBe(before + 1);
    await cluster.client.delete(configMapKind, metadata);
    await cluster.run(5_000);
    expect(Number(await used())).toBe(before);
    // With what every namespace has from its first moment.
    await cluster.client.delete(namespaceKind, { name: "staging" });
    await cluster.run(60_000);
    expect(Number(await used())).toBe(before - 1);
  });

  test("is not deleted while that is prevented, and leaves nothing when it is", async () => {
    await change("a", { preventDelete: true });
    await wake("a");
    await makeNamespace(cluster.client, "a", "staging");
    await cluster.run(5_000);
    expect((await read("a")).status?.namespaces).toEqual(["tenant-a", "staging"]);
    await cluster.client.get(networkPolicyKind, "kaji-tenant", "staging");
    for (const attempt of [
      () => cluster.client.delete(tenantKind, { name: "a" }),
      () => cluster.client.delete(namespaceKind, { name: "tenant-a" }),
    ]) {
      expect((await refusalOf(attempt())).message).toContain("spec.preventDelete is set");
    }
    await change("a", { preventDelete: false });
    await cluster.client.delete(tenantKind, { name: "a" });
    await cluster.run(120_000);
    expect(objectsOfTenant("a", await cluster.everything())).toEqual([]);
    await cluster.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
  });

  test("is made and removed also when its controller is killed again and again", async () => {
    const body = { status: { wakeRequestTime: toTime(cluster.clock.now()) } };
    const target = { name: "a", subresource: "status" };
    await cluster.client.patch(tenantKind, target, { type: "merge", body });
    for (let kill = 0; kill < 4; kill++) {
      await cluster.run(3);
      await cluster.stopControlPlane();
      await cluster.startControlPlane();
    }
    await cluster.run(10_000);
    expect((await read("a")).status?.phase).toBe("Ready");
    expect(await replicas()).toBe(1);
    await cluster.client.delete(tenantKind, { name: "a" });
    for (let kill = 0; kill < 4; kill++) {
      await cluster.run(10);
      await cluster.stopControlPlane();
      await cluster.startControlPlane();
    }
    await cluster.run(120_000);
    expect(objectsOfTenant("a", await cluster.everything())).toEqual([]);
  });
});

test.each([1, 2, 3])(
  "tenants come and go whole over a way that loses a third of all requests, seed %i",
  async (seed) => {
    await cluster.close();
    cluster = await createCluster(seededRng(seed));
    const { client, faults } = cluster;
    await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
    await cluster.startControlPlane();
    const quota = { pods: "5" };
    await client.create(tenantPlanKind, tenantPlan("small", { template, quota }));
    const names = ["x", "y", "z"];
    faults.rate = 0.3;
    for (const name of names) {
      await client.create(tenantKind, tenant(name, { hosts: [`${name}.example`], owners }));
      await wake(name);
    }
    await cluster.run(10 * 60_000);
    for (const name of names) {
      expect((await read(name)).status?.phase, name).toMatch(/^(?:Ready|Asleep)$/);
      await client.get(requestAutoscalerKind, "web", `tenant-${name}`);
      await client.delete(tenantKind, { name });
    }
    await cluster.run(60_000);
    // Letting a namespace go takes a list of every kind in a row, which such a way never carries.
    faults.rate = 0;
    await cluster.run(20 * 60_000);
    const everything = await cluster.everything();
    for (const name of names) expect(objectsOfTenant(name, everything)).toEqual([]);
  },
);

test("a pooled tenant is its record and nothing else, whatever happens to it", async () => {
  const service = { namespace: "default", name: "fleet", port: 80 };
  await cluster.client.create(tenantPlanKind, tenantPlan("pool", { mode: "pooled", service }));
  const made = await cluster.client.create(
    tenantKind,
    tenant("p", { plan: "pool", hosts: ["p.example"] }),
  );
  await wake("p");
  await change("p", { suspended: true });
  const found = await read("p");
  expect(objectsOfTenant("p", await cluster.everything())).toHaveLength(1);
  expect(found.metadata.finalizers).toBeUndefined();
  expect(made.status).toBeUndefined();
  await cluster.client.delete(tenantKind, { name: "p" });
  expect(objectsOfTenant("p", await cluster.everything())).toEqual([]);
});
