import { expect, test } from "vitest";
import { watchProgress } from "#kit/progress-watch";
import { createVirtualClock } from "#test/support/virtual-clock";

test("what goes on is left alone, and what stands still is reported once", async () => {
  const clock = createVirtualClock();
  let stalls = 0;
  const watch = watchProgress(clock, 100, () => stalls++);
  for (let n = 0; n < 5; n++) {
    await clock.advance(90);
    watch.moved();
  }
  expect(stalls).toBe(0);
  await clock.advance(99);
  expect(stalls).toBe(0);
  await clock.advance(500);
  expect(stalls).toBe(1);
});

test("what has ended is not reported", async () => {
  const clock = createVirtualClock();
  let stalls = 0;
  watchProgress(clock, 100, () => stalls++).stop();
  await clock.advance(500);
  expect(stalls).toBe(0);
});
