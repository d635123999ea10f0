import { afterEach, beforeEach, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import type { ReplicaSet } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { Transport } from "#client/transport";
import type { PeerAnswer } from "#control-plane/apiserver/peers";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import type { Trace } from "#control-plane/apiserver/observability/pick-traces";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { ADMIN, pod, startTestApi, type TestApi, valueOf } from "#test/contract/api-fixture";
import { eventually } from "#test/support/host";

/** Three servers on one store: users write by the first, controllers run on the second, the scheduler on the third. */
interface Server extends TestApi {
  readonly traces: ObjectTraces;
  /** A part of the control plane that runs there. */
  readonly worker: Client;
}

let store: Store;
let servers: Server[];
let unreachable: Server | undefined;
/** How often it was waited for. */
let waits: number;

beforeEach(async () => {
  store = await openStore("memory:", { clock: systemClock, log: silentLog });
  unreachable = undefined;
  waits = 0;
  servers = [];
  for (let i = 0; i < 3; i++) servers.push(await startServer());
});

afterEach(async () => {
  for (const { apiServer } of servers) await apiServer.close();
  await store.close();
});

async function startServer(): Promise<Server> {
  const traces = new ObjectTraces({ ratio: 1, hasPeers: () => true });
  const others = (): Server[] => servers.filter((one) => one.traces !== traces);
  const peers = {
    isAlone: () => others().length === 0,
    ask: (question: string, without?: ReadonlySet<string>) => {
      const asked = others().filter((one) => !without?.has(nameOf(one)));
      return Promise.resolve(asked.map((one) => answerOf(one, question)));
    },
  };
  const api = await startTestApi(store, { traces, peers });
  const user = { name: "system:kaji:control-plane", groups: ADMIN.groups };
  return { ...api, traces, worker: createClient(api.apiServer.handle, { user }) };
}

/** Over the wire it would be JSON. */
function answerOf(server: Server, question: string): PeerAnswer {
  const name = nameOf(server);
  if (server === unreachable) {
    waits++;
    return { server: name, error: "it is away" };
  }
  return { server: name, said: JSON.parse(JSON.stringify(server.apiServer.answerPeer(question))) };
}

function nameOf(server: Server): string {
  return `server-${servers.indexOf(server) + 1}`;
}

const server = (index: number): Server => servers[index] as Server;

async function answer(by: Server, query: Record<string, string>) {
  const path = "/kaji/v1/traces";
  const response = await by.send({ method: "GET", path, query: new URLSearchParams(query) });
  return valueOf(response) as { traces: Trace[]; missing?: string[] };
}

const stepsOf = (trace: Trace | undefined): string[] =>
  (trace?.spans ?? []).map(({ component, name }) => `${component} ${name}`);

/** Whose trace the caller says it is. */
async function byUser<T>(by: Server, traceId: string, write: (client: Client) => Promise<T>) {
  const trace = by.traces.incoming({ traceId, spanId: "f".repeat(16), isSampled: true }, true);
  if (!trace) throw new Error("what is sampled is followed");
  const send: Transport = (request) => by.apiServer.handle({ ...request, trace });
  return write(createClient(send, { user: ADMIN }));
}

function replicaSet(): ReplicaSet {
  const labels = { app: "web" };
  const { spec } = pod("web");
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web", namespace: "default" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { name: "web", labels }, spec },
    },
  };
}

/** As the controller on `by` makes it, once it has seen the ReplicaSet. */
async function makePod(by: Server, name: string, { metadata }: ReplicaSet): Promise<string> {
  const seen = (): string | undefined =>
    by.apiServer.observed.find({
      ...{ group: "apps", version: "v1", plural: "replicasets" },
      ...{ namespace: "default", name: "web" },
    })?.metadata.resourceVersion;
  await eventually("the server sees the write", () => seen() === metadata.resourceVersion);
  const { uid = "" } = metadata;
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid, controller: true };
  const base = pod(name);
  const made = await by.worker.create(podKind, {
    ...base,
    metadata: { ...base.metadata, ownerReferences: [owner] },
  });
  return made.metadata.uid ?? "";
}

async function bind(by: Server, name: string, uid: string): Promise<void> {
  by.traces.begin("scheduler", "attempt", uid, `pods default/${name}`)();
  const target = { name, namespace: "default", subresource: "binding" };
  await by.worker.createSubresource(podKind, target, {
    ...{ apiVersion: "v1", kind: "Binding", metadata: { name }, target: { name: "n1" } },
  });
}

const FIRST = "1".repeat(32);
const SECOND = "2".repeat(32);

test("a trace that crosses servers is whole, whichever server is asked, and however", async () => {
  const set = await byUser(server(0), FIRST, (user) => user.create(replicaSetKind, replicaSet()));
  const uid = await makePod(server(1), "web-1", set);
  await bind(server(2), "web-1", uid);
  const whole = [
    ...["apiserver create replicasets", "apiserver create pods"],
    ...["scheduler attempt", "apiserver create pods binding"],
  ];
  for (const one of servers) {
    for (const query of [{ id: FIRST }, { uid }, { uid: set.metadata.uid ?? "" }]) {
      const { traces } = await answer(one, query as Record<string, string>);
      expect(traces.map(({ traceId }) => traceId)).toEqual([FIRST]);
      expect(stepsOf(traces[0])).toEqual(expect.arrayContaining(whole));
    }
    const { traces } = await answer(one, {});
    expect(traces.find(({ traceId }) => traceId === FIRST)?.spans.length).toBeGreaterThan(2);
  }
  const [trace] = (await answer(server(2), { id: FIRST })).traces;
  const named = (name: string) => trace?.spans.find((span) => span.name === name);
  expect(named("create pods")?.parentId).toBe(named("create replicasets")?.spanId);
  expect(named("attempt")?.parentId).toBe(named("create pods")?.spanId);
});

test("what another server does after a second write is of the second write's trace", async () => {
  const set = await byUser(server(0), FIRST, (user) => user.create(replicaSetKind, replicaSet()));
  await makePod(server(1), "web-1", set);
  // Leaves a link at the owner, at the controller's server.
  const labels = { ...set.metadata.labels, seen: "yes" };
  const seen = { ...set, metadata: { ...set.metadata, labels } };
  const marked = await server(1).worker.update(replicaSetKind, seen);
  const spec = { ...marked.spec, minReadySeconds: 1 } as ReplicaSet["spec"];
  const changed = await byUser(server(0), SECOND, (user) =>
    user.update(replicaSetKind, { ...marked, spec }),
  );
  await makePod(server(1), "web-2", changed);
  for (const one of servers) {
    const objects = async (id: string) =>
      (await answer(one, { id })).traces[0]?.spans.map(({ object }) => object) ?? [];
    expect(await objects(FIRST)).not.toContain("pods default/web-2");
    expect(await objects(FIRST)).toContain("pods default/web-1");
    expect(await objects(SECOND)).toContain("pods default/web-2");
    expect(await objects(SECOND)).not.toContain("pods default/web-1");
  }
});

test("a server that does not answer is named and waited for once, and the rest is shown", async () => {
  const set = await byUser(server(0), FIRST, (user) => user.create(replicaSetKind, replicaSet()));
  await makePod(server(1), "web-1", set);
  unreachable = server(1);
  const { traces, missing } = await answer(server(0), { id: FIRST });
  expect(missing).toEqual(["server server-2: it is away"]);
  expect(waits).toBe(1);
  expect(stepsOf(traces[0])).toContain("apiserver create replicasets");
});
