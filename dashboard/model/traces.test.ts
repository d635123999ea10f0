import { expect, test } from "vitest";
import { barOf } from "#dashboard/model/traces";

const trace = { startMs: 1_000, endMs: 1_400 };

test("a bar stands where its span was in the trace, and is as long as it took", () => {
  expect(barOf({ startMs: 1_100, endMs: 1_300 }, trace)).toEqual({
    ...{ leftPercent: 25, widthPercent: 50 },
  });
});

test("a node whose clock is wrong has its bar within the chart", () => {
  const early = barOf({ startMs: 900, endMs: 1_100 }, trace);
  const late = barOf({ startMs: 1_390, endMs: 1_900 }, trace);
  expect(early.leftPercent).toBe(0);
  expect(late.leftPercent + late.widthPercent).toBe(100);
});

test("a trace of no length has bars without one", () => {
  const moment = { startMs: 5, endMs: 5 };
  expect(barOf(moment, moment)).toEqual({ leftPercent: 0, widthPercent: 0 });
});
