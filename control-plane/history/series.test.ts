import { describe, expect, test } from "vitest";
import { SeriesTable } from "#control-plane/history/series";

const minuteMs = 60_000;
const table = () => new SeriesTable({ fields: ["cpu"], limit: 20 });
const put = (all: SeriesTable, key: string, nowMs: number): boolean => {
  const series = all.take(key, nowMs, () => ({ pod: key }));
  series?.add(nowMs, [1]);
  return series !== undefined;
};

describe("a table of series", () => {
  test("keeps no more than its limit, and counts what it does not keep", () => {
    const all = table();
    for (let i = 0; i < 25; i++) put(all, `pod-${i}`, 0);
    expect([all.size, all.refused]).toEqual([20, 5]);
  });

  test("at the limit those that have been silent longest make room", () => {
    const all = table();
    for (let i = 0; i < 20; i++) put(all, `pod-${i}`, i < 3 ? i * minuteMs : 30 * minuteMs);
    expect(put(all, "new", 31 * minuteMs)).toBe(true);
    expect(["pod-0", "pod-1", "pod-2"].map((key) => all.get(key) !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("takes nothing from what is still measured", () => {
    const all = table();
    for (let i = 0; i < 20; i++) put(all, `pod-${i}`, 0);
    expect(put(all, "new", 5 * minuteMs)).toBe(false);
    expect(all.size).toBe(20);
  });

  test("forgets what was silent for six hours", () => {
    const all = table();
    put(all, "old", 0);
    put(all, "young", 60 * minuteMs);
    all.sweep(361 * minuteMs);
    expect([all.get("old"), all.get("young")]).toEqual([undefined, expect.anything()]);
  });
});
