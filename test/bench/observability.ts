import type { KubeObject } from "#api/machinery/meta";
import { podKind } from "#api/kinds/pod";
import { configMapKind } from "#api/kinds/config-map";
import { createClient } from "#client/api-client";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import { createControllerMetrics } from "#control-plane/controllers/metrics";
import { objectSpans, SpanRing } from "#kit/trace";
import { ADMIN, configMap, pod, startTestApi } from "#test/contract/api-fixture";
import { row } from "#test/bench/statistics";

/** What it costs to watch oneself: against the same work without. In process and in memory: nothing else hides it. */
const SPANS = 200_000;
const CREATES = 4_000;
const ROUNDS = 5;
const PODS = 10_000;

/** Of processor time: what else the machine does is not counted. */
function nanosEach(times: number, act: (i: number) => void): number {
  const started = process.cpuUsage();
  for (let i = 0; i < times; i++) act(i);
  return nanosSince(started) / times;
}

function nanosSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) * 1000;
}

function best(measure: () => number): number {
  return Math.min(...Array.from({ length: ROUNDS }, measure));
}

function costOfSpans(): void {
  const spans = objectSpans(new SpanRing());
  const agent = best(() =>
    nanosEach(SPANS, (i) => spans.begin("agent", "step", `uid-${i % 5_000}`, "pods a/b")()),
  );
  row("span of an agent's step", `${agent.toFixed(0)} ns of CPU`);
  for (const ratio of [1, 0]) {
    const traces = new ObjectTraces({ ratio });
    const write = (i: number): void => {
      const metadata = { name: "x", namespace: "d", uid: `u${i}`, resourceVersion: `${i + 1}` };
      const object: KubeObject = { apiVersion: "v1", kind: "Pod", metadata };
      const trace = traces.incoming(undefined, true);
      const common = { trace, object, resource: "pods", subresource: undefined, isOwn: false };
      traces.committed(i + 1, 1, 2);
      traces.wrote({ ...common, verb: "create", startMs: 1, fields: { status: 201 } });
      traces.watched(i + 1, 3);
    };
    const nanos = best(() => nanosEach(SPANS, write));
    row(`traced write (3 spans), --trace-ratio ${ratio}`, `${nanos.toFixed(0)} ns of CPU`);
  }
  const end = createControllerMetrics();
  const reconcile = best(() => nanosEach(SPANS, () => end.reconcile("deployment")("success")));
  row("metrics of a reconcile", `${reconcile.toFixed(0)} ns of CPU`);
}

/** Alternating, so that a busy machine is busy for both. */
async function costOfRequests(): Promise<void> {
  const micros = { 0: Number.POSITIVE_INFINITY, 1: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    for (const ratio of [0, 1] as const) {
      const traces = new ObjectTraces({ ratio });
      const api = await startTestApi("memory:", { traces });
      const handle: typeof api.apiServer.handle = (request) => {
        const trace = traces.incoming(undefined, request.method !== "GET");
        return api.apiServer.handle({ ...request, ...(trace ? { trace } : {}) });
      };
      const client = createClient(handle, { user: ADMIN });
      const started = process.cpuUsage();
      for (let i = 0; i < CREATES; i++) await client.create(configMapKind, configMap(`c-${i}`));
      micros[ratio] = Math.min(micros[ratio], nanosSince(started) / 1000 / CREATES);
      await api.close();
    }
  }
  const ratio = (micros[1] / micros[0]).toFixed(2);
  row("CPU of a create in process, not traced", `${micros[0].toFixed(0)} us`);
  row("the same, traced", `${micros[1].toFixed(0)} us (${ratio}x)`);
}

async function costOfScrape(changes: boolean): Promise<void> {
  const api = await startTestApi("memory:");
  for (let i = 0; i < PODS; i++) await api.client.create(podKind, pod(`p-${i}`));
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < 20; i++) {
    if (changes) await api.client.create(podKind, pod(`more-${i}`));
    const started = process.cpuUsage();
    const response = await api.send({ method: "GET", path: "/metrics" });
    times.push(nanosSince(started) / 1e6);
    bytes = response.type === "bytes" ? response.bytes.byteLength : 0;
  }
  const median = times.toSorted((a, b) => a - b)[10] ?? 0;
  row(
    `/metrics with ${PODS} pods ${changes ? "that change" : "at rest"}`,
    `${median.toFixed(1)} ms of CPU, ${(bytes / 1024).toFixed(0)} KiB`,
  );
  await api.close();
}

costOfSpans();
await costOfRequests();
await costOfScrape(false);
await costOfScrape(true);
