import { afterEach, beforeEach, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { eventKind } from "#api/kinds/event";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { trafficReportKind } from "#api/kinds/traffic-report";
import type { KubeObject } from "#api/machinery/meta";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import { toTime } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { autoscaler, deployment } from "#test/support/workloads";

/** The RequestAutoscaler beside the other controllers, on virtual time; the test plays the ingress. */
let cluster: Cluster;
/** Whether the ingress answers questions. */
let isAnswering: boolean;
let report: NonNullable<TrafficReport["status"]>;

const WEB = { name: "web", namespace: "default" };
const REPORT = { name: "web.here", namespace: "default" };

beforeEach(async () => {
  isAnswering = true;
  report = { epoch: "1", requests: 0, inFlight: 0, waiting: 0, concurrency: 0, windowMs: 0 };
  cluster = await createCluster(seededRng(1));
  const asked = cluster.informers.for(requestAutoscalerKind);
  await cluster.addNode({ cpu: "2", memory: "8Gi", pods: "40" });
  await cluster.startControlPlane();
  await cluster.client.create(deploymentKind, fresh(deployment("web", { replicas: 1 })));
  asked.onChange(({ current }) => {
    const question = current?.status?.question;
    if (isAnswering && question && question !== report.confirmed)
      void tell({ confirmed: question });
  });
  await cluster.run(10_000);
});

afterEach(() => cluster.close());

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function create(spec: Partial<RequestAutoscaler["spec"]> = {}): Promise<void> {
  await cluster.client.create(requestAutoscalerKind, {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "RequestAutoscaler",
    metadata: WEB,
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "web" },
      service: "web",
      maxReplicas: 10,
      ...spec,
    },
  });
}

async function measure(): Promise<void> {
  await cluster.client.create(trafficReportKind, {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "TrafficReport",
    metadata: REPORT,
    spec: { service: "web", ingress: "here" },
  });
  await tell({});
}

/** What the ingress reports now. */
async function tell(news: Partial<typeof report>): Promise<void> {
  report = { ...report, ...news, observedTime: toTime(cluster.clock.now()) };
  await cluster.client.patch(
    trafficReportKind,
    { ...REPORT, subresource: "status" },
    { type: "merge", body: { status: report } },
  );
}

/** A load that goes on, reported every two seconds. */
async function load(concurrency: number, durationMs: number): Promise<void> {
  for (let ms = 0; ms < durationMs; ms += 2_000) {
    const requests = (report.requests ?? 0) + concurrency * 2;
    await tell({ concurrency, inFlight: concurrency, windowMs: 2_000, requests });
    await cluster.run(2_000);
  }
  await tell({ concurrency: 0, inFlight: 0, windowMs: 0 });
}

async function replicas(): Promise<number | undefined> {
  return (await cluster.client.get(deploymentKind, "web", "default")).spec.replicas;
}

async function status(): Promise<NonNullable<RequestAutoscaler["status"]>> {
  const found = await cluster.client.get(requestAutoscalerKind, "web", "default");
  return found.status ?? {};
}

async function condition(type: string) {
  return (await status()).conditions?.find((one) => one.type === type);
}

async function messages(reason: string): Promise<string[]> {
  const { items } = await cluster.client.list(eventKind, { namespace: "default" });
  return items.filter((one) => one.reason === reason).map(({ message = "" }) => message);
}

test("what is idle sleeps after its timeout, and a waiting request wakes it once", async () => {
  await create();
  await measure();
  await cluster.run(59_000);
  expect(await replicas()).toBe(1);
  await cluster.run(10_000);
  expect(await replicas()).toBe(0);
  await cluster.run(600_000);
  expect(await replicas()).toBe(0);
  for (let waiting = 1; waiting <= 20; waiting++) await tell({ waiting });
  await cluster.run(1_000);
  expect(await replicas()).toBe(1);
  expect(await messages("SuccessfulRescale")).toEqual([
    "New size: 0; reason: no request for 60 seconds",
    expect.stringMatching(/^New size: 1; reason: (a request waits|\d+ requests wait)$/),
  ]);
});

test("a load adds replicas, and they go when no window wants them any more", async () => {
  await create({ minReplicas: 1 });
  await measure();
  await load(300, 20_000);
  expect(await replicas()).toBe(5);
  await cluster.run(50_000);
  expect(await replicas()).toBe(5);
  await cluster.run(120_000);
  expect(await replicas()).toBe(1);
});

test("while an ingress does not answer, nothing is taken away, and it is said how that ends", async () => {
  await create();
  await measure();
  isAnswering = false;
  await cluster.run(300_000);
  expect(await replicas()).toBe(1);
  expect(await condition("ScalingActive")).toMatchObject({
    status: "False",
    reason: "IngressSilent",
    message: expect.stringContaining("kubectl delete trafficreport web.here"),
  });
  expect(await messages("IngressSilent")).toHaveLength(1);
  await tell({ confirmed: (await status()).question });
  await cluster.run(30_000);
  expect(await replicas()).toBe(0);
  expect(await condition("ScalingActive")).toMatchObject({ status: "True" });
});

test("a restarted controller takes nothing away before it has seen a whole window", async () => {
  await create({ idleTimeoutSeconds: 10 });
  await measure();
  await cluster.run(50_000);
  await cluster.stopControlPlane();
  await cluster.startControlPlane();
  await cluster.run(55_000);
  expect(await replicas()).toBe(1);
  expect(await condition("ScalingLimited")).toMatchObject({ reason: "WindowNotSeen" });
  await cluster.run(20_000);
  expect(await replicas()).toBe(0);
});

test("a sleeping workload is woken by a controller that was away when the request came", async () => {
  await create();
  await measure();
  await cluster.run(80_000);
  expect(await replicas()).toBe(0);
  await cluster.stopControlPlane();
  await tell({ waiting: 1 });
  await cluster.startControlPlane();
  await cluster.run(1_000);
  expect(await replicas()).toBe(1);
});

test("without a report nothing is scaled, and it is said what lacks", async () => {
  await create();
  await cluster.run(300_000);
  expect(await replicas()).toBe(1);
  expect(await condition("ScalingActive")).toMatchObject({
    status: "False",
    reason: "NoTrafficReport",
  });
  expect(await messages("NoTrafficReport")).toHaveLength(1);
});

test("beside a HorizontalPodAutoscaler of the same target it only wakes, and says so", async () => {
  await cluster.client.create(horizontalPodAutoscalerKind, fresh(autoscaler("web")));
  await create();
  await measure();
  await cluster.run(120_000);
  expect(await replicas()).toBe(1);
  expect(await condition("AbleToScale")).toMatchObject({
    status: "False",
    reason: "ConflictingAutoscaler",
    message: expect.stringContaining("HorizontalPodAutoscaler web"),
  });
});

test("what a quota or the nodes have no room for is said, with what would make room", async () => {
  await cluster.client.create(resourceQuotaKind, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "small", namespace: "default" },
    spec: { hard: { pods: "3" } },
  });
  await create({ minReplicas: 1 });
  await measure();
  await cluster.run(5_000);
  await load(500, 20_000);
  expect(await replicas()).toBe(8);
  const lack = await condition("HasRoom");
  expect(lack).toMatchObject({ status: "False", reason: "QuotaExceeded" });
  expect(lack?.message).toContain("to make room, raise the ResourceQuota small");
  await cluster.client.delete(resourceQuotaKind, { name: "small", namespace: "default" });
  const container = { name: "main", resources: { requests: { cpu: "900m" } } };
  await cluster.client.patch(deploymentKind, WEB, {
    type: "strategic",
    body: { spec: { template: { spec: { containers: [container] } } } },
  });
  await load(500, 60_000);
  const full = await condition("HasRoom");
  expect(full).toMatchObject({ status: "False", reason: "Unschedulable" });
  expect(full?.message).toMatch(/no node takes pod web-.*Insufficient cpu/);
});

test("a spec that cannot work is refused in one sentence for each mistake", async () => {
  await expect(create({ maxReplicas: 1, minReplicas: 2 })).rejects.toThrow(
    'RequestAutoscaler.kaji.dev "web" is invalid: spec.maxReplicas: Invalid value: 1: must not be less than minReplicas, which is 2',
  );
  await expect(create({ target: { metric: "Latency" } })).rejects.toThrow(
    'spec.target.metric: Unsupported value: "Latency": supported values: "Concurrency", "RequestsPerSecond"',
  );
  await expect(create({ windowSeconds: 6, panicWindowSeconds: 7 })).rejects.toThrow(
    "spec.panicWindowSeconds: Invalid value: 7: must not be longer than windowSeconds, which is 6",
  );
  await expect(create({ healthCheckPaths: ["healthz"] })).rejects.toThrow(
    'spec.healthCheckPaths[0]: Invalid value: "healthz": must be a path such as "/healthz"',
  );
});
