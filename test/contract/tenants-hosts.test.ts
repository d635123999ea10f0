import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ingressKind } from "#api/kinds/ingress";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { ingress, makeTenant, tenant, tenantPlan } from "#test/contract/tenants-fixture";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";

/** Who owns a host name: decided by the store, so by one answer for however many API servers. */
const noEtcd = whyNoEtcd();
if (noEtcd) console.warn(`SKIPPED: host claims on etcd: ${noEtcd}`);
const backends = ["memory", "sqlite", ...(noEtcd ? [] : ["etcd"])];

let folder: string;
let etcd: TestEtcd | undefined;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kaji-hosts-"));
  if (!noEtcd) etcd = await startEtcd({ isDurable: false });
}, 60_000);

afterAll(async () => {
  await etcd?.stop();
  await rm(folder, { recursive: true, force: true });
});

function urlOf(backend: string): string {
  if (backend === "memory") return "memory:";
  const place = `${++count}`;
  return backend === "sqlite"
    ? `sqlite://${join(folder, `${place}.db`)}`
    : (etcd?.url(`/hosts-${place}`) ?? "");
}

describe.each(backends)("host names on %s", (backend) => {
  let url: string;
  let store: Store;
  let one: TestApi;
  let other: TestApi;

  beforeEach(async () => {
    url = urlOf(backend);
    store = await openStore(url, { clock: systemClock, log: silentLog });
    one = await startTestApi(store);
    other = await startTestApi(store);
  });

  afterEach(async () => {
    await other.apiServer.close();
    await one.close();
  });

  test("of tenants created at the same moment through two servers exactly one gets a host", async () => {
    for (let round = 0; round < 5; round++) {
      const host = `round-${round}.example`;
      const attempts = Array.from({ length: 8 }, (_, index) => {
        const { client } = index % 2 === 0 ? one : other;
        return client.create(tenantKind, tenant(`r${round}-${index}`, { hosts: [host] }));
      });
      const outcomes = await Promise.allSettled(attempts);
      const winners = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") continue;
        expect(String(outcome.reason)).toContain(
          `spec.hosts[0]: Duplicate value: "${host}": it belongs to tenant "${winner?.metadata.name}"`,
        );
      }
    }
  });

  test("a host that is wanted with another that is taken is not taken either", async () => {
    await one.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    const both = tenant("b", { hosts: ["b.example", "a.example"] });
    const refusal = await refusalOf(other.client.create(tenantKind, both));
    expect(refusal.message).toContain("spec.hosts[1]: Duplicate value");
    await other.client.create(tenantKind, tenant("c", { hosts: ["b.example"] }));
  });

  test("the owner is named only to who may see it", async () => {
    await one.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    const stranger = one.clientFor({ name: "eve", groups: ["system:authenticated"] });
    await grant(one, "eve", "tenants", ["create"]);
    const refusal = await refusalOf(
      stranger.create(tenantKind, tenant("b", { hosts: ["a.example"] })),
    );
    expect(refusal.message).toContain('Duplicate value: "a.example": it belongs to another tenant');
    expect(refusal.message).not.toContain('"a"');
  });

  test("what was given back waits for others, and not for the one that had it", async () => {
    const made = await one.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    await one.client.update(tenantKind, { ...made, spec: { ...made.spec, hosts: [] } });
    const stranger = tenant("b", { hosts: ["a.example"] });
    const refusal = await refusalOf(other.client.create(tenantKind, stranger));
    expect(refusal.message).toContain('it was given back by tenant "a" a short while ago');
    const now = await other.client.get(tenantKind, "a");
    await other.client.update(tenantKind, { ...now, spec: { ...now.spec, hosts: ["a.example"] } });
    await one.client.delete(tenantKind, { name: "a" });
    await refusalOf(other.client.create(tenantKind, stranger));
    await endCoolDown(store, "a.example");
    await other.client.create(tenantKind, stranger);
    const again = tenant("a", { hosts: ["a.example"] });
    const late = await refusalOf(one.client.create(tenantKind, again));
    expect(late.message).toContain('it belongs to tenant "b"');
  });

  test("an Ingress that is called like the tenant does not get what the tenant has given back", async () => {
    await one.client.create(tenantKind, tenant("web", { hosts: ["a.example"] }));
    await one.client.delete(tenantKind, { name: "web" });
    const thief = other.client.create(ingressKind, ingress("default", "a.example"));
    expect((await refusalOf(thief)).message).toContain("was given back by tenant");
  });

  test("a deleted tenant that comes back gets its host at once", async () => {
    await one.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    await one.client.delete(tenantKind, { name: "a" });
    await other.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    const record = await store.get("/claims/host/a.example");
    expect(record.keyValue?.lease).toBeUndefined();
  });

  test("a plan without a cool-down frees a host at once", async () => {
    await one.client.create(tenantPlanKind, tenantPlan("quick", { hostCoolDownSeconds: 0 }));
    const spec = { plan: "quick", hosts: ["a.example"], mode: "pooled" };
    await one.client.create(tenantKind, tenant("a", spec));
    await one.client.delete(tenantKind, { name: "a" });
    await other.client.create(tenantKind, tenant("b", spec));
    expect((await store.get("/claims/host/a.example")).keyValue?.value.byteLength).toBeLessThan(64);
  });

  test("an Ingress of nobody's namespace and a Tenant do not share a host", async () => {
    await one.client.create(tenantKind, tenant("a", { hosts: ["a.example"] }));
    const refusal = await refusalOf(
      other.client.create(ingressKind, ingress("default", "a.example")),
    );
    expect(refusal.message).toBe(
      'ingresses.networking.k8s.io "web" is forbidden: host "a.example" belongs to tenant "a"',
    );
    const made = await other.client.create(ingressKind, ingress("default", "free.example"));
    const more = { ...made, spec: ingress("default", "free.example", "a.example").spec };
    expect((await refusalOf(other.client.update(ingressKind, more))).code).toBe(403);
    const late = await refusalOf(
      one.client.create(tenantKind, tenant("b", { hosts: ["free.example"] })),
    );
    expect(late.message).toContain(
      'spec.hosts[0]: Forbidden: host "free.example" is served by Ingress default/web',
    );
  });

  test("an Ingress of more hosts than a transaction takes is written, and takes no tenant's host", async () => {
    const hosts = Array.from({ length: 1_100 }, (_, index) => `h${index}.example`);
    const made = await one.client.create(ingressKind, ingress("default", ...hosts));
    await one.client.delete(ingressKind, { name: "web", namespace: "default" });
    await one.client.create(tenantKind, tenant("a", { hosts: ["h1099.example"] }));
    const refusal = await refusalOf(other.client.create(ingressKind, ingress("default", ...hosts)));
    expect(refusal.message).toContain('host "h1099.example" belongs to tenant "a"');
    const few = await other.client.create(ingressKind, ingress("default", "h0.example"));
    const update = other.client.update(ingressKind, { ...few, spec: made.spec });
    expect((await refusalOf(update)).message).toContain('host "h1099.example" belongs to');
  });

  test("an Ingress of a tenant's namespace names hosts of this tenant alone", async () => {
    const { client } = one;
    const namespace = await makeTenant(client, "a", { hosts: ["a.example"] });
    await client.create(tenantKind, tenant("b", { hosts: ["b.example"] }));
    const stolen = await refusalOf(client.create(ingressKind, ingress(namespace, "b.example")));
    expect(stolen.message).toBe(
      'ingresses.networking.k8s.io "web" is forbidden: host "b.example" does not belong to tenant "a": its hosts are a.example',
    );
    for (const hosts of [["*.example"], [""], ["a.example", "free.example"]]) {
      const refusal = await refusalOf(client.create(ingressKind, ingress(namespace, ...hosts)));
      expect(refusal.code, String(hosts)).toBe(403);
    }
    await client.create(ingressKind, ingress(namespace, "a.example"));
  });

  test("a host that an Ingress of its former tenant still names is nobody else's", async () => {
    const { client } = one;
    const plan = { hostCoolDownSeconds: 0 };
    const namespace = await makeTenant(client, "a", { hosts: ["a.example"] }, plan);
    await client.create(ingressKind, ingress(namespace, "a.example"));
    const made = await client.get(tenantKind, "a");
    await client.update(tenantKind, { ...made, spec: { ...made.spec, hosts: [] } });
    const heir = tenant("b", { hosts: ["a.example"] });
    expect((await refusalOf(other.client.create(tenantKind, heir))).message).toContain(
      `host "a.example" is served by Ingress ${namespace}/web: take it out there first`,
    );
    await client.delete(ingressKind, { name: "web", namespace });
    await other.client.create(tenantKind, heir);
  });

  test.runIf(backend === "sqlite")("claims and cool-downs outlive a restart", async () => {
    await one.client.create(tenantKind, tenant("a", { hosts: ["a.example", "old.example"] }));
    const made = await one.client.get(tenantKind, "a");
    await one.client.update(tenantKind, { ...made, spec: { ...made.spec, hosts: ["a.example"] } });
    await other.apiServer.close();
    await one.close();
    store = await openStore(url, { clock: systemClock, log: silentLog });
    one = await startTestApi(store);
    other = await startTestApi(store);
    for (const host of ["a.example", "old.example"]) {
      const refusal = await refusalOf(
        one.client.create(tenantKind, tenant("b", { hosts: [host] })),
      );
      expect(refusal.message).toContain('tenant "a"');
    }
  });
});

/** As if its time were over: what hangs on the lease goes. */
async function endCoolDown(store: Store, host: string): Promise<void> {
  const { keyValue } = await store.get(`/claims/host/${host}`);
  expect(keyValue?.lease).toBeDefined();
  await store.revokeLease(keyValue?.lease ?? "");
}

async function grant(api: TestApi, user: string, resource: string, verbs: string[]): Promise<void> {
  const prefix = "/apis/rbac.authorization.k8s.io/v1";
  const metadata = { name: user };
  const rules = [{ apiGroups: ["kaji.dev"], resources: [resource], verbs }];
  await api.client.raw("POST", `${prefix}/clusterroles`, { metadata, rules });
  await api.client.raw("POST", `${prefix}/clusterrolebindings`, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  });
}
