import { expect, test } from "vitest";
import { createTurns } from "#kit/turns";

test("no more run at a time than the limit, in the order they came, and a failure gives its place on", async () => {
  const turns = createTurns(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const all = [0, 1, 2, 3].map((n) =>
    turns.run(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (n === 0) throw new Error("failed");
      return n;
    }),
  );
  const failed = expect(all[0]).rejects.toThrow("failed");
  expect(begun).toEqual([0, 1]);
  expect(turns.isFree()).toBe(false);
  ends[0]?.();
  await failed;
  expect(begun).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[2]?.();
  expect(await Promise.all([all[1], all[2]])).toEqual([1, 2]);
  ends[3]?.();
  expect(await all[3]).toBe(3);
  expect(turns.isFree()).toBe(true);
});
