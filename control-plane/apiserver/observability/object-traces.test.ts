import { beforeEach, expect, test } from "vitest";
import type { KubeObject } from "#api/machinery/meta";
import { joinNodeSpans, pickTraces } from "#control-plane/apiserver/observability/pick-traces";
import { LIFE_MS, MAX_LINKS } from "#control-plane/apiserver/observability/links";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import type { Span } from "#kit/trace";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = { traceId: TRACE, spanId: "00f067aa0ba902b7", isSampled: true };
let nowMs = 0;
let traces: ObjectTraces;

beforeEach(() => {
  nowMs = 1_000;
  traces = new ObjectTraces({ ratio: 1, now: () => ++nowMs });
});

function object(uid: string, revision: number, ownerUid?: string): KubeObject {
  const owner = { apiVersion: "v1", kind: "Owner", name: "owner", uid: ownerUid ?? "" };
  return {
    ...{ apiVersion: "v1", kind: "Thing" },
    metadata: {
      ...{ name: uid, namespace: "default", uid, resourceVersion: String(revision) },
      ...(ownerUid ? { ownerReferences: [{ ...owner, controller: true }] } : {}),
    },
  };
}

interface Written {
  readonly verb?: string;
  readonly subresource?: string;
  readonly isOwn?: boolean;
  readonly given?: typeof parent;
}

function write(of: KubeObject, { verb = "update", isOwn = true, ...more }: Written = {}): void {
  const trace = isOwn ? undefined : traces.incoming(more.given, true);
  const common = { object: of, resource: "things", subresource: more.subresource };
  traces.wrote({ ...common, trace, verb, isOwn, startMs: ++nowMs, fields: {} });
}

const spans = (): readonly Span[] => [...traces.ring.newest()].toReversed();

test("a user's write begins a trace, and goes on with the one that it brings", () => {
  write(object("a", 1), { isOwn: false });
  write(object("b", 2), { isOwn: false, given: parent });
  const [first, second] = spans();
  expect(first?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(first?.parentId).toBe("");
  expect(second).toMatchObject({ traceId: TRACE, parentId: parent.spanId });
});

test("what the control plane makes for an object is of its trace, at any depth", () => {
  write(object("deployment", 1), { isOwn: false, given: parent });
  write(object("set", 2, "deployment"), { verb: "create" });
  write(object("pod", 3, "set"), { verb: "create" });
  write(object("pod", 4, "set"), { verb: "create", subresource: "binding" });
  traces.begin("scheduler", "attempt", "pod", "pods default/pod")({ node: "n1" });
  expect(new Set(spans().map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  const byId = new Map(spans().map((span) => [span.spanId, span]));
  expect(spans().map((span) => byId.get(span.parentId)?.uid)).toEqual([
    undefined,
    "deployment",
    "set",
    "pod",
    "pod",
  ]);
});

test("a change of an object is of the newest user's write to it or to its owner", () => {
  write(object("deployment", 1), { isOwn: false, given: parent });
  write(object("old-set", 2, "deployment"), { verb: "create" });
  write(object("deployment", 3), { isOwn: false });
  write(object("old-set", 4, "deployment"));
  const [, , second, scaled] = spans();
  expect(second?.traceId).not.toBe(TRACE);
  expect(scaled?.traceId).toBe(second?.traceId);
});

test("a status is of the object's own trace, whatever becomes of its owner", () => {
  write(object("set", 1), { isOwn: false, given: parent });
  write(object("pod", 2, "set"), { verb: "create" });
  write(object("set", 3), { isOwn: false });
  write(object("pod", 4, "set"), { subresource: "status" });
  expect(spans().at(-1)).toMatchObject({ traceId: TRACE, name: "update things status" });
});

test("a link is followed for its life, and a status that nobody asked for begins no trace", () => {
  write(object("a", 1), { isOwn: false, given: parent });
  nowMs += LIFE_MS;
  write(object("a", 2), { subresource: "status" });
  traces.begin("scheduler", "attempt", "a", "")();
  expect(spans()).toHaveLength(1);
  expect(traces.traceIdOf("a")).toBeUndefined();
  write(object("a", 3));
  expect(spans().at(-1)?.traceId).not.toBe(TRACE);
});

test("with ratio 0 nothing is kept, and what its caller does not sample neither", () => {
  traces = new ObjectTraces({ ratio: 0, now: () => ++nowMs });
  write(object("a", 1), { isOwn: false, given: parent });
  expect(traces.ring.size).toBe(0);
  traces = new ObjectTraces({ ratio: 1, now: () => ++nowMs });
  expect(traces.incoming({ ...parent, isSampled: false }, true)).toBeUndefined();
  expect(traces.incoming(undefined, false)).toBeUndefined();
});

test("what follows from a write that was not drawn is not of an earlier trace", () => {
  let drawn = 0;
  traces = new ObjectTraces({ ratio: 0.5, now: () => ++nowMs, random: () => drawn });
  write(object("a", 1), { isOwn: false });
  drawn = 0.9;
  write(object("a", 2), { isOwn: false });
  write(object("b", 3, "a"), { verb: "create" });
  expect(spans()).toHaveLength(1);
});

test("commit and watch event are told by the revision, in whichever order they are heard", () => {
  traces.committed(7, 1_001, 1_002);
  traces.watched(7, 1_003);
  write(object("a", 7), { isOwn: false });
  write(object("b", 8), { isOwn: false });
  traces.watched(8, 2_000);
  traces.committed(8, 1_990, 2_001);
  const stored = spans().filter(({ component }) => component !== "apiserver");
  expect(stored.map(({ component, uid }) => `${component} ${uid}`)).toEqual([
    ...["store a", "watch a", "store b", "watch b"],
  ]);
  for (const span of stored) expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
});

test("the oldest link goes at the limit", () => {
  write(object("first", 1), { isOwn: false });
  for (let i = 0; i < MAX_LINKS; i++) write(object(`more-${i}`, i + 2), { isOwn: false });
  expect(traces.traceIdOf("first")).toBeUndefined();
  expect(traces.traceIdOf(`more-${MAX_LINKS - 1}`)).toBeDefined();
});

test("what a node did for a pod is put below the last write before it", () => {
  write(object("pod", 1), { isOwn: false, given: parent, verb: "create" });
  write(object("pod", 2), { subresource: "binding", verb: "create" });
  const binding = spans().at(-1) as Span;
  write(object("pod", 3), { subresource: "status" });
  const ofNode = { ...binding, traceId: "", spanId: "a".repeat(16), component: "runtime" };
  const startMs = binding.endMs + 1;
  const [trace] = joinNodeSpans(pickTraces(traces.ring, { id: TRACE, uid: undefined, limit: 1 }), [
    { ...ofNode, startMs, endMs: startMs + 1 },
    { ...ofNode, spanId: "b".repeat(16), uid: "another", startMs, endMs: startMs },
    { ...ofNode, spanId: "c".repeat(16), startMs: startMs + 2 * LIFE_MS, endMs: startMs },
  ]);
  const joined = trace?.spans.filter(({ component }) => component === "runtime") ?? [];
  expect(joined.map(({ spanId }) => spanId)).toEqual(["a".repeat(16)]);
  expect(joined[0]).toMatchObject({ traceId: TRACE, parentId: binding.spanId });
});

test("the newest traces of an object come first", () => {
  write(object("a", 1), { isOwn: false });
  write(object("b", 2), { isOwn: false });
  write(object("a", 3), { isOwn: false, given: parent });
  const found = pickTraces(traces.ring, { id: undefined, uid: "a", limit: 5 });
  expect(found).toHaveLength(2);
  expect(found[0]?.traceId).toBe(TRACE);
});

test("as much as fifty nodes can say at once is joined", () => {
  write(object("a", 1), { isOwn: false, given: parent });
  const [written] = spans();
  if (!written) throw new Error("the write is a span");
  const { endMs } = written;
  const ofNode = { ...written, traceId: "", component: "runtime", startMs: endMs, endMs };
  const many = Array.from({ length: 50 * 4_096 }, () => ofNode);
  const [trace] = joinNodeSpans(
    pickTraces(traces.ring, { id: TRACE, uid: undefined, limit: 1 }),
    many,
  );
  expect(trace?.spans).toHaveLength(many.length + 1);
  expect(trace?.endMs).toBe(endMs);
});
