import { expect, test } from "vitest";
import { RecentMap } from "#kit/recent-map";

test("the newest entries are there, and no more than the limit", () => {
  const map = new RecentMap<number, string>(10);
  for (let i = 0; i < 100; i++) map.set(i, `v${i}`);
  const known = Array.from({ length: 100 }, (_, i) => i).filter((i) => map.get(i) !== undefined);
  expect(known.length).toBeLessThanOrEqual(10);
  expect(known).toEqual(expect.arrayContaining([95, 96, 97, 98, 99]));
});

test("what is written again is as it was written last, and what is deleted is gone", () => {
  const map = new RecentMap<string, number>(4);
  map.set("a", 1);
  map.set("b", 1);
  map.set("c", 1);
  map.set("a", 2);
  expect(map.get("a")).toBe(2);
  map.delete("a");
  expect(map.get("a")).toBeUndefined();
});
