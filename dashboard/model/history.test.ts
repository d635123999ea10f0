import { describe, expect, test } from "vitest";
import type { HistoryAnswer } from "#api/history/answer";
import { busiest, merged, newestOf, sumOf } from "#dashboard/model/history";

type Values = readonly (number | null)[];

const answer = (start: number, byNode: Record<string, Values>, slots?: number): HistoryAnswer => ({
  ...{ start, stepSeconds: 10, left: 0 },
  slots: slots ?? Object.values(byNode)[0]?.length ?? 0,
  series: Object.entries(byNode).map(([node, cpu]) => ({ labels: { node }, values: { cpu } })),
});

describe("a history that goes on", () => {
  test("moves on with what is new, and stays as long as it was", () => {
    const known = answer(100, { a: [1, 2, 3] });
    expect(merged(known, answer(120, { a: [4, 5] }))).toEqual(answer(110, { a: [2, 4, 5] }));
  });

  test("takes a newcomer in and keeps who was not named", () => {
    const known = answer(100, { a: [1, 2, 3] });
    expect(merged(known, answer(130, { b: [7] }))).toEqual(
      answer(110, { a: [2, 3, null], b: [null, null, 7] }),
    );
  });

  test("drops what has nothing left to show", () => {
    const known = answer(100, { a: [1, null, null], b: [1, 2, 3] });
    expect(merged(known, answer(130, { b: [4] }))).toEqual(answer(110, { b: [2, 3, 4] }));
  });

  test("keeps what it has seen when a server begins anew and knows nothing", () => {
    const known = answer(100, { a: [1, 2, 3] });
    expect(merged(known, answer(110, { a: [null, null, 9] }))).toEqual(
      answer(110, { a: [2, 3, 9] }),
    );
    expect(merged(known, answer(110, {}, 3))).toEqual(answer(110, { a: [2, 3, null] }));
  });

  test("leaves a gap where it saw nothing for a while", () => {
    const known = answer(100, { a: [1, 2, 3] });
    expect(merged(known, answer(140, { a: [6] }))).toEqual(answer(120, { a: [3, null, 6] }));
  });
});

test("the newest is the last that was measured", () => {
  expect(newestOf([1, 2, null])).toBe(2);
  expect(newestOf([null])).toBeUndefined();
  expect(newestOf([0])).toBe(0);
});

test("a sum has a value where any has one", () => {
  const sum = sumOf([
    [1, null, null],
    [2, 3, null],
  ]);
  expect(sum).toEqual([3, 3, null]);
  expect(sumOf([])).toEqual([]);
});

test("the busiest are those with the most requests now", () => {
  const series = [1, 9, null, 4].map((now, at) => ({
    labels: { path: `/${at}` },
    values: { requests: [100, now, null] },
  }));
  const paths = busiest(series, 3).map(({ labels }) => labels.path);
  // Of the third nothing newer than 100 is known.
  expect(paths).toEqual(["/2", "/1", "/3"]);
});
