import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIFE_MS } from "#control-plane/apiserver/observability/links";
import { wholeTraces } from "#control-plane/apiserver/observability/whole-traces";
import type { Span } from "#kit/trace";

interface Sketch {
  readonly trace?: string;
  readonly name?: string;
  readonly component?: string;
  readonly uid: string;
  readonly owner?: string;
  readonly revision?: number;
  readonly startMs: number;
}

function span(sketch: Sketch, index = 0): Span {
  const { trace = "", name = "update things", component = "apiserver", uid, startMs } = sketch;
  const { owner, revision } = sketch;
  return {
    ...{ traceId: trace, spanId: `span-${index}`, parentId: "", component, name, uid, startMs },
    ...{ object: uid, endMs: startMs },
    fields: {
      ...(owner === undefined ? {} : { owner }),
      ...(revision === undefined ? {} : { resourceVersion: String(revision) }),
    },
  };
}

/** Trace and parent of each, in the order given; "": of none. */
function joined(...sketches: Sketch[]): string[] {
  const spans = sketches.map(span);
  const all = wholeTraces(spans).traces.flatMap((trace) => trace.spans);
  return spans.map(({ spanId }) => {
    const found = all.find((one) => one.spanId === spanId);
    return found ? `${found.traceId} ${found.parentId}`.trim() : "";
  });
}

describe("the spans of several servers", () => {
  test("are joined from server to server, by the owner and by the object", () => {
    expect(
      joined(
        { trace: "user", uid: "deployment", revision: 10, startMs: 1_000 },
        { trace: "b", uid: "set", owner: "deployment", revision: 11, startMs: 1_010 },
        { trace: "c", uid: "pod", owner: "set", revision: 12, startMs: 1_020 },
        { uid: "pod", component: "scheduler", startMs: 1_030 },
      ),
    ).toEqual(["user", "user span-0", "user span-1", "user span-2"]);
  });

  test("follow the newest write before them by the store's revisions, whatever the clocks say", () => {
    expect(
      joined(
        { trace: "first", uid: "deployment", revision: 10, startMs: 1_000 },
        { trace: "second", uid: "deployment", revision: 20, startMs: 900 },
        { trace: "b", uid: "set", owner: "deployment", revision: 21, startMs: 950 },
        { trace: "c", uid: "set-1", owner: "deployment", revision: 11, startMs: 5_000 },
      ),
    ).toEqual(["first", "second", "second span-1", "first span-0"]);
  });

  test("follow no status, and nothing for longer than one server alone would follow it", () => {
    expect(
      joined(
        { trace: "user", uid: "a", startMs: 1_000 },
        { trace: "b", uid: "a", owner: "", startMs: 1_000 + LIFE_MS / 2 },
        { trace: "c", uid: "a", owner: "", startMs: 1_001 + LIFE_MS },
        { trace: "d", uid: "b", name: "update things status", startMs: 2_000 },
        { uid: "b", startMs: 3_000 },
      ),
    ).toEqual(["user", "user span-0", "c", "d", ""]);
  });

  test("are each of one trace at most, whatever they are, and none that had one is lost", () => {
    const few = fc.constantFrom("a", "b", "c");
    const sketch = fc.record(
      {
        ...{ trace: fc.constantFrom("t1", "t2", "t3", ""), uid: few, owner: few },
        ...{ revision: fc.nat(9), startMs: fc.nat(9).map((n) => n * 100 + 1) },
      },
      { requiredKeys: ["trace", "uid", "startMs"] },
    );
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 12 }), (sketches) => {
        const spans = sketches.map(span);
        const ids = wholeTraces(spans).traces.flatMap((trace) => trace.spans.map((s) => s.spanId));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { traceId, spanId } of spans) if (traceId) expect(ids).toContain(spanId);
      }),
    );
  });
});
