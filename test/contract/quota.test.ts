import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runAudits } from "#api/audit/index";
import { configMapKind } from "#api/kinds/config-map";
import { podKind } from "#api/kinds/pod";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { serviceKind } from "#api/kinds/service";
import type { Pod, ResourceQuota } from "#api/schema/types";
import {
  configMap,
  pod,
  refusalOf,
  service,
  startTestApi,
  type TestApi,
} from "#test/contract/api-fixture";

/** What the API server promises about quotas, whoever counts. */
let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function quota(hard: Record<string, string>, spec: Partial<ResourceQuota["spec"]> = {}) {
  const metadata = { name: "q", namespace: "default" };
  return { apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard, ...spec } };
}

function sized(name: string, requests: Record<string, string>, limits = requests): Pod {
  const containers = [{ name: "web", image: "web:1", resources: { requests, limits } }];
  return pod(name, { containers });
}

async function used(): Promise<Record<string, string> | undefined> {
  const found = await api.client.get(resourceQuotaKind, "q", "default");
  return found.status?.used;
}

describe("a quota", () => {
  test("knows from its first moment what is used", async () => {
    await api.client.create(podKind, sized("web", { cpu: "500m" }));
    const created = await api.client.create(
      resourceQuotaKind,
      quota({ pods: "3", "requests.cpu": "1" }),
    );
    expect(created.status).toEqual({
      hard: { pods: "3", "requests.cpu": "1" },
      used: { pods: "1", "requests.cpu": "500m" },
    });
  });

  test("refuses what exceeds it in Kubernetes' words", async () => {
    const { client } = api;
    await client.create(resourceQuotaKind, quota({ pods: "2", "requests.cpu": "1" }));
    await client.create(podKind, sized("a", { cpu: "500m" }));
    await client.create(podKind, sized("b", { cpu: "500m" }));
    const refusal = await refusalOf(client.create(podKind, sized("c", { cpu: "250m" })));
    expect(refusal.code).toBe(403);
    expect(refusal.message).toBe(
      'pods "c" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=250m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1',
    );
    expect(await used()).toEqual({ pods: "2", "requests.cpu": "1" });
  });

  test("demands that pods say what they take of what it limits", async () => {
    await api.client.create(resourceQuotaKind, quota({ "limits.cpu": "2" }));
    const refusal = await refusalOf(api.client.create(podKind, pod("web")));
    expect(refusal.message).toBe(
      'pods "web" is forbidden: failed quota: q: must specify limits.cpu for: main',
    );
  });

  test("counts objects and node ports, also those that an update adds", async () => {
    const { client } = api;
    const { length } = (await client.list(configMapKind, { namespace: "default" })).items;
    const hard = {
      "count/configmaps": String(length + 1),
      services: "5",
      "services.nodeports": "2",
    };
    await client.create(resourceQuotaKind, quota(hard));
    await client.create(configMapKind, configMap("a"));
    const tooMany = await refusalOf(client.create(configMapKind, configMap("b")));
    expect(tooMany.message).toContain("exceeded quota: q, requested: count/configmaps=1");
    const created = await client.create(serviceKind, service("web", { type: "NodePort" }));
    expect(await used()).toMatchObject({ services: "2", "services.nodeports": "1" });
    const ports = [1, 2, 3].map((port) => ({ name: `p${port}`, port }));
    const more = { ...created, spec: { ...created.spec, ports } };
    const refusal = await refusalOf(client.update(serviceKind, more));
    expect(refusal.message).toContain(
      "requested: services.nodeports=2, used: services.nodeports=1",
    );
    await client.update(serviceKind, { ...more, spec: { ...more.spec, ports: ports.slice(0, 2) } });
    expect(await used()).toMatchObject({ "services.nodeports": "2" });
  });

  test("with a scope leaves other pods alone", async () => {
    await api.client.create(resourceQuotaKind, quota({ pods: "0" }, { scopes: ["BestEffort"] }));
    await api.client.create(podKind, sized("sized", { cpu: "1", memory: "1Mi" }));
    const refusal = await refusalOf(api.client.create(podKind, pod("loose")));
    expect(refusal.message).toContain("exceeded quota: q, requested: pods=1, used: pods=0");
  });

  test("does not believe what a client writes into its status", async () => {
    const { client } = api;
    const created = await client.create(resourceQuotaKind, quota({ pods: "1" }));
    await client.create(podKind, pod("web"));
    const stale = { ...created.metadata, resourceVersion: "" };
    const status = { hard: { pods: "9" }, used: { pods: "0" } };
    await client.updateStatus(resourceQuotaKind, { ...created, metadata: stale, status });
    expect(await used()).toEqual({ pods: "1" });
    await refusalOf(client.create(podKind, pod("other")));
  });

  test("charges nothing for a dry run, nor for a refused object", async () => {
    const { client } = api;
    await client.create(resourceQuotaKind, quota({ pods: "3" }));
    const query = new URLSearchParams({ dryRun: "All" });
    const path = "/api/v1/namespaces/default/pods";
    await api.send({ method: "POST", path, query, body: pod("web") });
    expect(await used()).toEqual({ pods: "0" });
    await client.create(podKind, pod("web"));
    await refusalOf(client.create(podKind, pod("web")));
    expect(await used()).toEqual({ pods: "1" });
  });

  test("is never exceeded by pods created at the same time", async () => {
    const { client } = api;
    await client.create(resourceQuotaKind, quota({ pods: "10", "requests.cpu": "700m" }));
    const attempts = Array.from({ length: 40 }, (_, index) =>
      client.create(podKind, sized(`web-${index}`, { cpu: "100m" })),
    );
    const outcomes = await Promise.allSettled(attempts);
    const created = outcomes.filter(({ status }) => status === "fulfilled");
    expect(created).toHaveLength(7);
    expect(await used()).toEqual({ pods: "7", "requests.cpu": "700m" });
  });

  test("is never exceeded through two servers on one store either", async () => {
    const { client } = api;
    await client.create(resourceQuotaKind, quota({ pods: "9" }));
    const other = await startTestApi(api.store);
    try {
      const attempts = Array.from({ length: 30 }, (_, index) => {
        const through = index % 2 === 0 ? client : other.client;
        return through.create(podKind, pod(`web-${index}`));
      });
      const outcomes = await Promise.allSettled(attempts);
      const created = outcomes.filter(({ status }) => status === "fulfilled");
      const { items } = await client.list(podKind, { namespace: "default" });
      const found = await client.get(resourceQuotaKind, "q", "default");
      expect(runAudits([found, ...items], { atRest: false })).toEqual([]);
      expect(items).toHaveLength(created.length);
      expect(created.length).toBeGreaterThan(0);
      expect(created.length).toBeLessThanOrEqual(9);
      expect(await used()).toEqual({ pods: String(created.length) });
    } finally {
      await other.apiServer.close();
    }
  });
});
