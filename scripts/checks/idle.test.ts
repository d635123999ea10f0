import { expect, test } from "vitest";
import { idleShareBetween } from "#scripts/checks/idle";

function processor(user: number, sys: number, idle: number) {
  return { times: { user, nice: 0, sys, idle, irq: 0 } };
}

test("the idle share is of all processors together", () => {
  const before = [processor(100, 10, 1_000), processor(500, 50, 0)];
  const after = [processor(100, 10, 1_100), processor(550, 100, 0)];
  expect(idleShareBetween(before, after)).toBe(0.5);
});

test("where no time went by, and where no processor is the same, nothing is idle", () => {
  const [one] = [processor(1, 1, 1)];
  expect(idleShareBetween([one], [one])).toBe(0);
  expect(idleShareBetween([], [one])).toBe(0);
});
