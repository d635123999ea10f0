import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisEnd, formatValue, linePath, type Unit } from "#dashboard/model/chart-scale";

describe("the end of an axis", () => {
  test.each<[number, Unit, number]>([
    [0, "cores", 1],
    [0.13, "cores", 0.2],
    [3.2, "cores", 4],
    [97, "ms", 100],
    [1.2 * 1024 ** 3, "bytes", 2 * 1024 ** 3],
    [300 * 1024 ** 2, "bytes", 400 * 1024 ** 2],
  ])("for %d %s is %d", (highest, unit, end) => {
    expect(axisEnd(highest, unit)).toBeCloseTo(end);
  });

  test("has room for any value, and wastes at most half", () => {
    const highest = fc.double({ min: 1e-4, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(highest, fc.constantFrom<Unit>("cores", "bytes", "ms"), (value, unit) => {
        const end = axisEnd(value, unit);
        expect(end).toBeGreaterThanOrEqual(value * 0.999999);
        expect(end).toBeLessThanOrEqual(value * 2.000001);
      }),
    );
  });
});

test.each<[number, Unit, string]>([
  [0.0123, "cores", "12m"],
  [1.25, "cores", "1.3 cores"],
  [123.4, "perSecond", "123 /s"],
  [0.5, "perSecond", "0.5 /s"],
  [12.34, "ms", "12 ms"],
  [2300, "ms", "2.3 s"],
  [3 * 1024 ** 2, "bytes", "3 Mi"],
])("%d in %s reads %s", (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

describe("a line", () => {
  const frame = { width: 40, height: 10, end: 10, bridged: 2 };

  test("goes from slot to slot, with zero at the bottom", () => {
    expect(linePath([0, 5, 10], frame)).toBe("M0.0 10.0L20.0 5.0L40.0 0.0");
  });

  test("bridges a short gap and breaks at a long one", () => {
    expect(linePath([0, null, 0, null, null, 0, 0], frame)).toBe(
      "M0.0 10.0L13.3 10.0M33.3 10.0L40.0 10.0",
    );
  });

  test("shows a single value as a dot", () => {
    expect(linePath([null, 5, null], frame)).toBe("M20.0 5.0h0");
    expect(linePath([5, null, null, null, 5], frame)).toBe("M0.0 5.0h0M40.0 5.0h0");
  });

  test("is nothing where nothing was measured", () => {
    expect(linePath([null, null], frame)).toBe("");
  });
});
