import { afterEach, beforeEach, expect, test } from "vitest";
import { serviceKind } from "#api/kinds/service";
import { trafficReportKind } from "#api/kinds/traffic-report";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Service } from "#api/schema/types";
import type { BackendTraffic } from "#ingress/traffic/counts";
import { TrafficReporter } from "#ingress/traffic/reporter";
import type { Asked } from "#ingress/traffic/tracked";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

/** The ingress's reports through the real API server, on virtual time; the test plays nginx. */
const BACKEND = "default/web:80";
let cluster: Cluster;
let service: Service;
let nginx: BackendTraffic;
let looks: number;
let isListening: boolean;
let ending: AbortController;
let reporter: TrafficReporter;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  service = await cluster.client.create(serviceKind, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { ports: [{ port: 80 }] },
  });
  const version = { name: "web-1", errors: 1, latencyMs: 70, upgraded: 0, buckets: [2, 1] };
  const counts = { epoch: "1", waiting: 0, inFlight: 0, requests: 3, versions: [version] };
  nginx = { key: BACKEND, ...counts };
  start();
});

afterEach(async () => {
  ending.abort();
  await cluster.close();
});

function start(): void {
  looks = 0;
  isListening = false;
  ending = new AbortController();
  reporter = new TrafficReporter({
    ...{ client: cluster.client, clock: cluster.clock, log: silentLog, ingressName: "here" },
    signal: ending.signal,
    async read(keys, listen) {
      looks += 1;
      isListening ||= listen;
      return keys.includes(BACKEND) ? [nginx] : [];
    },
  });
  void reporter.run();
}

function ask(question?: string): void {
  const asked: Asked = { service, backends: [BACKEND], question };
  reporter.ask(new Map([["default/web", asked]]));
}

/** A request that nginx tells of, if it was asked to. */
function request(news: Partial<BackendTraffic>): void {
  nginx = { ...nginx, ...news };
  if (isListening) reporter.notice(BACKEND);
  isListening = false;
}

async function reports(): Promise<readonly TrafficReport[]> {
  return (await cluster.client.list(trafficReportKind)).items;
}

async function report(): Promise<NonNullable<TrafficReport["status"]>> {
  const [found] = await reports();
  return found?.status ?? {};
}

test("who asks gets a report at once, with the counts of every version", async () => {
  await cluster.run(10_000);
  expect(await reports()).toEqual([]);
  ask();
  await cluster.run(100);
  const [found] = await reports();
  expect(found?.metadata).toMatchObject({
    name: "web.here",
    ownerReferences: [{ kind: "Service", name: "web", uid: service.metadata.uid }],
  });
  expect(found?.status).toMatchObject({
    ...{ epoch: "1", requests: 3, inFlight: 0, waiting: 0 },
    versions: [{ name: "web-1", requests: 3, errors: 1, latencyMs: 70, latencyBuckets: [2, 1] }],
  });
});

test("without traffic nobody looks, and the next request is told of at once", async () => {
  ask();
  await cluster.run(10_000);
  expect(isListening).toBe(true);
  const before = looks;
  await cluster.run(3_600_000);
  expect(looks).toBe(before);
  request({ waiting: 1 });
  await cluster.run(50);
  expect(await report()).toMatchObject({ waiting: 1 });
  request({ waiting: 0, inFlight: 1 });
  await cluster.run(50);
  expect(await report()).toMatchObject({ waiting: 0, inFlight: 1 });
});

test("a load is reported every two seconds as its mean, and a jump of it sooner", async () => {
  ask();
  await cluster.run(10_000);
  request({ inFlight: 2 });
  await cluster.run(6_100);
  expect(await report()).toMatchObject({ inFlight: 2, concurrency: 2 });
  request({ inFlight: 20 });
  await cluster.run(700);
  expect(await report()).toMatchObject({ inFlight: 20 });
  request({ inFlight: 0, requests: 25 });
  await cluster.run(10_000);
  expect(await report()).toMatchObject({ inFlight: 0, concurrency: 0, requests: 25 });
});

test("a question is answered at once, by what was read after it", async () => {
  ask();
  await cluster.run(60_000);
  nginx = { ...nginx, inFlight: 7 };
  ask("now?");
  await cluster.run(100);
  expect(await report()).toMatchObject({ confirmed: "now?", inFlight: 7 });
});

test("a process that comes back tells what it missed, and writes nothing that is told", async () => {
  ask();
  await cluster.run(10_000);
  ending.abort();
  const [before] = await reports();
  start();
  ask();
  await cluster.run(10_000);
  const [same] = await reports();
  expect(same?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
  ending.abort();
  nginx = { ...nginx, waiting: 4 };
  start();
  ask();
  await cluster.run(100);
  expect(await report()).toMatchObject({ waiting: 4 });
});

test("what nobody asks for any more is removed, also after a restart", async () => {
  ask();
  await cluster.run(1_000);
  reporter.ask(new Map());
  await cluster.run(100);
  expect(await reports()).toEqual([]);
  ask();
  await cluster.run(1_000);
  ending.abort();
  start();
  reporter.ask(new Map());
  await cluster.run(100);
  expect(await reports()).toEqual([]);
});
