import { expect, test } from "vitest";
import {
  formatTraceparent,
  newSpanId,
  newTraceId,
  objectSpans,
  parseTraceparent,
  SpanRing,
} from "#kit/trace";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent is read as it was written", () => {
  const parent = { traceId: TRACE, spanId: SPAN, isSampled: true };
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(parent);
  expect(parseTraceparent(formatTraceparent(parent))).toEqual(parent);
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled).toBe(false);
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
});

test.each([
  undefined,
  "",
  "abc",
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
])("what is no traceparent is not believed: %s", (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test("ids are what the standard asks for", () => {
  expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
  expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  expect(newSpanId()).not.toBe(newSpanId());
});

test("a full ring loses its oldest spans, and says how many", () => {
  const ring = new SpanRing(3);
  let now = 0;
  const spans = objectSpans(ring, () => ++now);
  for (const name of ["a", "b", "c", "d", "e"]) spans.begin("agent", name, "uid", "pods x/y")();
  expect([...ring.newest()].map(({ name }) => name)).toEqual(["e", "d", "c"]);
  expect(ring).toMatchObject({ size: 3, dropped: 2 });
  const [newest] = ring.newest();
  expect(newest).toMatchObject({ startMs: 9, endMs: 10, uid: "uid", traceId: "" });
});
