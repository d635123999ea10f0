import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { ApiResponse } from "#client/transport";
import type { NodeStream, NodeStreams, StreamChunk } from "#control-plane/apiserver/node-streams";
import type { Trace } from "#control-plane/apiserver/observability/pick-traces";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import { nameRequest } from "#control-plane/apiserver/serving/network-request";
import { preciseNow, type Span } from "#kit/trace";
import { eventually } from "#test/support/host";
import {
  ADMIN,
  pod,
  refusalOf,
  startTestApi,
  type TestApi,
  valueOf,
} from "#test/contract/api-fixture";

/** Traces and metrics over the API's own routes; the node is a function that says what an agent would. */
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const asked: string[] = [];
let ofNode: (path: string) => string;
let api: TestApi;
let controlPlane: Client;

const nodeStreams: NodeStreams = {
  async open(nodeName, request): Promise<NodeStream> {
    if (request.type !== "read") throw new Error("only reads are expected");
    asked.push(`${nodeName} ${request.path}`);
    const text = ofNode(request.path);
    return { chunks: chunksOf(text), send: () => Promise.resolve(), cancel: () => undefined };
  },
  podMetrics: () => [],
  nodeMetrics: () => [],
};

let endOfNode: unknown = { status: "Success" };

async function* chunksOf(text: string): AsyncGenerator<StreamChunk> {
  yield { type: "data", channel: 1, bytes: Buffer.from(text) };
  yield { type: "status", status: endOfNode };
}

beforeAll(async () => {
  api = await startTestApi("memory:", { nodeStreams, traces: new ObjectTraces({ ratio: 1 }) });
  const user = { name: "system:kaji:control-plane", groups: ADMIN.groups };
  controlPlane = createClient(api.apiServer.handle, { user });
});
afterAll(() => api.close());

/** As https.ts does it for a request from the network. */
function fromNetwork(headers: Record<string, string>, method = "POST") {
  const said: Record<string, string> = {};
  const named = nameRequest(api.apiServer, { method, headers }, ADMIN, (name, value) => {
    said[name] = value;
  });
  return { named, said };
}

async function tracesOf(query: Record<string, string>): Promise<Trace[]> {
  const path = "/kaji/v1/traces";
  const response = await api.send({ method: "GET", path, query: new URLSearchParams(query) });
  return (valueOf(response) as { traces: Trace[] }).traces;
}

const textOf = (response: ApiResponse): string =>
  response.type === "bytes" ? Buffer.from(response.bytes).toString() : "";

test("an answer says the request's Audit-ID, and goes on with the caller's trace", () => {
  const { said } = fromNetwork({ traceparent: PARENT, "audit-id": "mine-1" });
  expect(said["audit-id"]).toBe("mine-1");
  expect(said.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  expect(said.traceparent).not.toBe(PARENT);
});

test("without them a write gets both, and a read an Audit-ID alone", () => {
  expect(fromNetwork({}).said).toEqual({
    "audit-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
  });
  expect(Object.keys(fromNetwork({}, "GET").said)).toEqual(["audit-id"]);
  expect(fromNetwork({ "audit-id": "a b\r\nx: y" }).said["audit-id"]).not.toContain(" ");
});

test("a write is followed through what the control plane does to what the node did", async () => {
  const { named } = fromNetwork({ traceparent: PARENT });
  const path = "/apis/apps/v1/namespaces/default/replicasets";
  const { metadata, spec } = pod("web");
  const labels = { app: "web" };
  const created = await api.send({
    ...{ method: "POST", path, ...named },
    body: {
      ...{ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "web" } },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  });
  expect(created.status).toBe(201);
  const owner = await api.client.get(replicaSetKind, "web", "default");
  const { uid = "" } = owner.metadata;
  const made = await controlPlane.create(podKind, {
    ...pod("web-1"),
    metadata: {
      ...metadata,
      name: "web-1",
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid, controller: true },
      ],
    },
  });
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "web-1" },
    target: { name: "n1" },
  };
  const target = { name: "web-1", namespace: "default", subresource: "binding" };
  await controlPlane.createSubresource(podKind, target, binding);
  const startMs = preciseNow();
  const ran: Partial<Span> = {
    uid: made.metadata.uid ?? "",
    component: "runtime",
    name: "start main",
  };
  ofNode = () =>
    JSON.stringify([
      { ...ran, spanId: "a".repeat(16), startMs, endMs: startMs, fields: {}, object: "" },
    ]);
  const [trace] = await eventually("the store's watch has brought all of it", async () => {
    const found = await tracesOf({ uid: owner.metadata.uid ?? "" });
    const watched = found[0]?.spans.filter(({ component }) => component === "watch");
    return (watched?.length ?? 0) >= 2 ? found : undefined;
  });
  expect(trace?.traceId).toBe(TRACE);
  expect(trace?.spans.map(({ component, name }) => `${component} ${name}`)).toEqual(
    expect.arrayContaining([
      ...["apiserver create replicasets", "store commit", "watch event"],
      ...["apiserver create pods", "apiserver create pods binding", "runtime start main"],
    ]),
  );
  expect(asked.at(-1)).toBe(`n1 /spans?uid=${made.metadata.uid}`);
  expect((await tracesOf({ id: TRACE }))[0]?.spans).toHaveLength(trace?.spans.length ?? -1);
});

test("objects are as they were written: no trace is on them", async () => {
  const found = await api.client.get(podKind, "web-1", "default");
  expect(JSON.stringify(found)).not.toContain(TRACE);
});

test("a node that does not answer is named, and the rest is shown", async () => {
  ofNode = () => {
    throw new Error("node n1 is not connected");
  };
  const query = new URLSearchParams({ id: TRACE });
  const answer = valueOf(await api.send({ method: "GET", path: "/kaji/v1/traces", query }));
  expect(answer.missing).toEqual(["n1: node n1 is not connected"]);
  expect((answer.traces as Trace[])[0]?.spans.length).toBeGreaterThan(4);
});

test.each(["[null]", '[{"uid":"a"}]', "7"])(
  "a node that says %s for spans is named, and the rest is shown",
  async (said) => {
    ofNode = () => said;
    const query = new URLSearchParams({ id: TRACE });
    const answer = valueOf(await api.send({ method: "GET", path: "/kaji/v1/traces", query }));
    expect(answer.missing).toEqual(["n1: what it said is no list of at most 4096 spans"]);
  },
);

test("traces and a node's metrics are for those whom their roles let there", async () => {
  const jane = api.clientFor({ name: "jane", groups: ["system:authenticated"] });
  expect(await refusalOf(jane.raw("GET", "/kaji/v1/traces"))).toMatchObject({ code: 403 });
  const refusal = await refusalOf(jane.raw("GET", "/api/v1/nodes/n1/proxy/metrics"));
  expect(refusal.message).toContain('cannot get resource "nodes/proxy" in API group ""');
});

test("a node's metrics are at its proxy path, as Prometheus' configuration for Kubernetes has it", async () => {
  ofNode = (path) => `# HELP kubelet_running_pods ${path}\n`;
  const response = await api.send({ method: "GET", path: "/api/v1/nodes/n1/proxy/metrics" });
  expect(response.status).toBe(200);
  expect(textOf(response)).toContain("kubelet_running_pods /metrics");
});

test("a part of a node's metrics is not taken for all of them", async () => {
  ofNode = () => "kubelet_running_pods 1\n";
  endOfNode = { status: "Failure", message: "the disk is gone" };
  const refusal = await refusalOf(api.client.raw("GET", "/api/v1/nodes/n1/proxy/metrics"));
  endOfNode = { status: "Success" };
  expect(refusal).toMatchObject({
    code: 503,
    message: expect.stringContaining("node n1 did not say all of /metrics: the disk is gone"),
  });
});

test("a span does not keep what a client made up for a URL, however long", async () => {
  const madeUp = "x".repeat(60_000);
  const { named } = fromNetwork({ traceparent: PARENT }, "GET");
  await api.send({ method: "GET", path: `/api/v1/namespaces/default/${madeUp}`, ...named });
  await api.send({ method: "POST", path: `/api/v1/namespaces/default/${madeUp}`, ...named });
  const [written, read] = api.apiServer.observed.traces.ring.newest();
  expect([read?.name, written?.name]).toEqual(["get other", "create other"]);
});

test("a limit that is none is refused with a sentence", async () => {
  const refusal = await refusalOf(api.client.raw("GET", "/kaji/v1/traces?limit=1e9"));
  expect(refusal).toMatchObject({ code: 400, message: expect.stringContaining("1 to 100") });
});

test("the server's metrics say what is stored, how the cluster is and how the store answers", async () => {
  const text = textOf(await api.send({ method: "GET", path: "/metrics" }));
  expect(text).toContain('apiserver_storage_objects{resource="pods"} 1\n');
  expect(text).toContain('kaji_pods{phase="Pending"} 1\n');
  expect(text).toContain('etcd_request_duration_seconds_count{operation="txn"}');
  expect(text).toContain('apiserver_current_inflight_requests{request_kind="mutating"} 0\n');
  expect(text).not.toContain("NaN");
});
