import { expect, test } from "vitest";
import { simulate } from "#test/simulation/simulation";

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

test.each(SEEDS)(
  "seed %i: every law holds, everything converges, nothing is left over",
  async (seed) => {
    const { journal, failures } = await simulate(seed);
    // To look at it: npm run simulate -- --seed N
    expect(failures, `seed ${seed}:\n${journal.join("\n")}`).toEqual([]);
  },
);

test("the same seed gives the same life, line by line", async () => {
  const [first, second] = [await simulate(7), await simulate(7)];
  expect(second.journal).toEqual(first.journal);
});
