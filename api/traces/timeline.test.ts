import { expect, test } from "vitest";
import { beginningOf, summaryOf, timelineOf } from "#api/traces/timeline";
import type { Span } from "#kit/trace";

function span(spanId: string, parentId: string, startMs: number, more: Partial<Span> = {}): Span {
  return {
    ...{ traceId: "t", spanId, parentId, component: "apiserver", name: "create pods" },
    ...{ uid: "u", object: "pods default/web", startMs, endMs: startMs + 2, fields: {} },
    ...more,
  };
}

const all = { withDetails: true };

test("commits and watch events are shown to who asks for all", () => {
  const spans = [span("a", "", 0), span("b", "a", 1, { component: "store", name: "commit" })];
  const trace = { traceId: "t", startMs: 0, endMs: 3, spans };
  expect(timelineOf(trace, { withDetails: false })).toHaveLength(1);
  expect(timelineOf(trace, all)).toHaveLength(2);
});

test("a trace is listed by what it began with", () => {
  const spans = [span("a", "", 0, { fields: { user: "admin", status: 201 } })];
  const trace = { traceId: "t", startMs: 0, endMs: 2, spans };
  expect(beginningOf(trace)).toBe("create pods default/web (by admin)");
});

test("each span is below what it followed from, with its distance from the beginning", () => {
  const spans = [
    span("a", "", 1_000, { fields: { user: "admin", status: 201 } }),
    span("b", "a", 1_003, { component: "scheduler", name: "attempt", fields: { node: "n1" } }),
    span("c", "b", 3_500, { component: "runtime", name: "start main", fields: { failed: true } }),
  ];
  const rows = timelineOf({ traceId: "t", startMs: 1_000, endMs: 3_502, spans }, all);
  expect(rows.map(({ at, what }) => `${at} ${what}`)).toEqual([
    "+0.0 ms create pods (by admin)",
    "+3.0 ms   attempt (on n1)",
    "+2.50 s     start main (failed)",
  ]);
});

test("a refusal is shown, and spans without their parents stand at the left", () => {
  const spans = [span("a", "gone", 5, { fields: { user: "eve", status: 403 } })];
  const [row] = timelineOf({ traceId: "t", startMs: 5, endMs: 7, spans }, all);
  expect(row?.what).toBe("create pods (by eve, refused: 403)");
});

test("spans that name each other as parents end", () => {
  const spans = [span("a", "b", 1), span("b", "a", 2)];
  expect(timelineOf({ traceId: "t", startMs: 1, endMs: 4, spans }, all)).toHaveLength(2);
});

test("the summary says how many parts worked for how long", () => {
  const spans = [span("a", "", 0), span("b", "a", 1, { component: "store" })];
  const said = summaryOf({ traceId: "t", startMs: 0, endMs: 61_000, spans });
  expect(said).toBe("trace t: 2 spans of 2 parts in 1.0 min, from 1970-01-01T00:00:00.000Z");
});
