import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventKind } from "#api/kinds/event";
import { ingressKind } from "#api/kinds/ingress";
import { leaseKind } from "#api/kinds/lease";
import { createInformers, type Informers } from "#client/shared-informers";
import { IngressController } from "#ingress/controller";
import { Drain } from "#ingress/drain";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { Presence } from "#ingress/nodes/presence";
import { Publisher } from "#ingress/publisher";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { clusterView, hostTo, ingressOf, pathTo } from "#test/support/ingress-objects";

/** Several ingress nodes of one cluster through the real API server, on virtual time; nginx is a few variables. */
let cluster: Cluster;
let folder: string;
const running = new Map<string, AbortController>();

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  folder = mkdtempSync(join(tmpdir(), "kaji-ingress-nodes-"));
  await cluster.client.create(
    ingressKind,
    ingressOf("shop", hostTo("shop.example", [pathTo("gone")]), { uid: "" }),
  );
});

afterEach(async () => {
  for (const name of running.keys()) stop(name);
  await cluster.run(1_000);
  await cluster.close();
  rmSync(folder, { recursive: true });
});

function memoryNginx(): NginxAdmin {
  let generation = "";
  return {
    apply: async () => {},
    keep: async () => {},
    generation: async () => generation,
    async setGeneration(next) {
      generation = next;
    },
    counters: async (names) => names.map(() => 0),
    backends: async () => [],
    call: async () => "",
    untilGone: () => new Promise(() => {}),
  };
}

function start(name: string, address: string): void {
  const ending = new AbortController();
  running.set(name, ending);
  const { client, clock } = cluster;
  const shared = { client, clock, rng: seededRng(7), log: silentLog, signal: ending.signal };
  const informers: Informers = createInformers(client, shared);
  const ingresses = informers.for(ingressKind);
  ingresses.onChange(() => controller.notify());
  const nodes = new Presence({
    ...{ ...shared, informers, own: { name, address } },
    onChange: () => controller.notify(),
  });
  const nobody = { inFlight: async () => [], severIfLost: async () => {}, onDrained: () => {} };
  const controller = new IngressController({
    ...{ ...shared, nodes, formerCertificates: new Map(), onPublished: () => {} },
    view: {
      ...clusterView({ ingresses: [], services: [] }),
      get ingresses() {
        return ingresses.list();
      },
    },
    tenants: { backends: () => [], certificates: () => [] },
    publisher: new Publisher(memoryNginx(), join(folder, name), silentLog),
    drain: new Drain({ ...shared, ...nobody, ingressName: name }),
  });
  void informers.synced().then(() => Promise.all([controller.run(), nodes.run()]));
}

/** Like a host that is gone: nothing is taken back. */
function stop(name: string): void {
  running.get(name)?.abort();
  running.delete(name);
}

async function listed(): Promise<readonly string[]> {
  const { status } = await cluster.client.get(ingressKind, "shop", "default");
  return (status?.loadBalancer?.ingress ?? []).map(({ ip = "" }) => ip);
}

async function revision(): Promise<string> {
  const ingress = await cluster.client.get(ingressKind, "shop", "default");
  return ingress.metadata.resourceVersion ?? "";
}

test("an Ingress lists every node that lives, and one that is silent goes within a minute and a half", async () => {
  start("a", "10.0.0.1");
  start("b", "10.0.0.2");
  await cluster.run(1_000);
  expect(await listed()).toEqual(["10.0.0.1", "10.0.0.2"]);
  start("c", "10.0.0.3");
  await cluster.run(1_000);
  expect(await listed()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  stop("b");
  await cluster.run(30_000);
  expect(await listed()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  await cluster.run(60_000);
  expect(await listed()).toEqual(["10.0.0.1", "10.0.0.3"]);
});

test("the one that spoke for all may be the one that goes, and comes back", async () => {
  start("a", "10.0.0.1");
  start("b", "10.0.0.2");
  await cluster.run(1_000);
  stop("a");
  await cluster.run(90_000);
  expect(await listed()).toEqual(["10.0.0.2"]);
  start("a", "10.0.0.9");
  await cluster.run(1_000);
  expect(await listed()).toEqual(["10.0.0.2", "10.0.0.9"]);
});

test("nodes at rest write nothing but their leases, and say each problem once for all", async () => {
  start("a", "10.0.0.1");
  start("b", "10.0.0.2");
  await cluster.run(5_000);
  const before = await revision();
  await cluster.run(120_000);
  expect(await revision()).toBe(before);
  const { items: events } = await cluster.client.list(eventKind);
  const missing = events.filter(({ reason }) => reason === "ServiceNotFound");
  expect(missing).toHaveLength(1);
  const { items: leases } = await cluster.client.list(leaseKind, { namespace: "kube-system" });
  expect(leases.map(({ spec }) => spec.holderIdentity).sort()).toEqual(["a", "b"]);
});
