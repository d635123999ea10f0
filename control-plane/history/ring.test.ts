import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Ring } from "#control-plane/history/ring";

const tiny = { stepMs: 10, slots: 4 };

describe("a ring", () => {
  test("gives the mean of what was measured in one slot", () => {
    const ring = new Ring(tiny, 1);
    for (const [atMs, value] of [
      [100, 1],
      [104, 2],
      [109, 6],
    ] as const)
      ring.add(atMs, [value]);
    expect(ring.at(10, 0)).toBe(3);
  });

  test("knows nothing of slots in which nobody measured", () => {
    const ring = new Ring(tiny, 2);
    ring.add(100, [1, Number.NaN]);
    ring.add(130, [4, 5]);
    expect([10, 11, 12, 13].map((slot) => ring.at(slot, 0))).toEqual([
      1,
      Number.NaN,
      Number.NaN,
      4,
    ]);
    expect([10, 13].map((slot) => ring.at(slot, 1))).toEqual([Number.NaN, 5]);
  });

  test("forgets what is older than it is long, and never shows it as something newer", () => {
    const ring = new Ring(tiny, 1);
    for (let slot = 10; slot < 14; slot++) ring.add(slot * 10, [slot]);
    ring.add(1000, [7]);
    expect(ring.at(13, 0)).toBeNaN();
    expect([97, 98, 99].map((slot) => ring.at(slot, 0))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(ring.at(100, 0)).toBe(7);
    expect(ring.at(101, 0)).toBeNaN();
  });

  test("waits for a clock that was set back a little", () => {
    const ring = new Ring(tiny, 1);
    ring.add(200, [1]);
    ring.add(195, [9]);
    expect(ring.at(20, 0)).toBe(1);
    expect(ring.at(19, 0)).toBeNaN();
  });

  test("goes back with a clock that was set back, and keeps what was before", () => {
    const ring = new Ring(tiny, 1);
    for (const slot of [17, 18, 19, 20]) ring.add(slot * 10, [slot]);
    ring.add(180, [7]);
    expect([16, 17, 18, 19, 20].map((slot) => ring.at(slot, 0))).toEqual([
      Number.NaN,
      17,
      7,
      Number.NaN,
      Number.NaN,
    ]);
    ring.add(190, [8]);
    expect([17, 18, 19].map((slot) => ring.at(slot, 0))).toEqual([17, 7, 8]);
  });

  test("goes on after a clock that was wrong for a moment, however far", () => {
    const ring = new Ring(tiny, 1);
    ring.add(100, [1]);
    ring.add(10_000_000, [9]);
    ring.add(110, [2]);
    ring.add(120, [3]);
    const seen = [8, 9, 10, 11, 12, 13].map((slot) => ring.at(slot, 0));
    expect(seen).toEqual([...Array<number>(3).fill(Number.NaN), 2, 3, Number.NaN]);
  });

  test("agrees with a map of all that was ever measured, whatever comes when", () => {
    const times = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, (all) => {
        const ring = new Ring(tiny, 1);
        const reference = new Map<number, number>();
        let newest = -1;
        for (const [i, atMs] of all.entries()) {
          const slot = Math.floor(atMs / 10);
          const isTold = slot > newest;
          if (isTold) ring.add(atMs, [i]);
          if (isTold) reference.set(slot, i);
          newest = Math.max(newest, slot);
        }
        for (let slot = 0; slot <= 31; slot++) {
          const isKept = slot > newest - 4;
          expect(ring.at(slot, 0)).toBe((isKept ? reference.get(slot) : undefined) ?? Number.NaN);
        }
      }),
    );
  });
});
