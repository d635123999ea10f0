import { describe, expect, test } from "vitest";
import { seededRng } from "#kit/rng";
import { appliedInTheEnd, untilApplied } from "#node-agent/network/until-applied";
import { createVirtualClock } from "#test/support/virtual-clock";

function setUp(isRefused: (input: string, attempt: number) => boolean) {
  const clock = createVirtualClock();
  const abort = new AbortController();
  const attempts: { readonly input: string; readonly atMs: number }[] = [];
  const failures: unknown[] = [];
  const push = untilApplied<string>({
    ...{ clock, rng: seededRng(1), signal: abort.signal },
    async apply(input) {
      attempts.push({ input, atMs: clock.now() });
      if (isRefused(input, attempts.length)) throw new Error(`no room for ${input}`);
    },
    failed: (error) => void failures.push(error),
  });
  return { clock, abort, attempts, failures, push };
}

describe("untilApplied", () => {
  test("applies an input that failed again, later each time, until it is applied", async () => {
    const { clock, attempts, failures, push } = setUp((_, attempt) => attempt <= 3);
    push("rules");
    await clock.advance(10_000);
    expect(failures).toHaveLength(3);
    expect(attempts).toHaveLength(4);
    const gaps = attempts.slice(1).map(({ atMs }, i) => atMs - (attempts[i]?.atMs ?? 0));
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    await clock.advance(100_000);
    expect(attempts).toHaveLength(4);
  });

  test("a newer input ends the attempts at the older one", async () => {
    const { clock, attempts, push } = setUp((input) => input === "old");
    push("old");
    await clock.advance(1_000);
    push("new");
    const before = attempts.length;
    await clock.advance(60_000);
    expect(attempts.slice(before - 1).map(({ input }) => input)).toEqual(["new"]);
  });

  test("nothing is attempted once it is over", async () => {
    const { clock, abort, attempts, push } = setUp(() => true);
    push("rules");
    await clock.advance(1_000);
    abort.abort();
    const before = attempts.length;
    push("more rules");
    await clock.advance(60_000);
    expect(attempts).toHaveLength(before);
  });
});

test("who asks hears of a first attempt that fails, and it is applied in the end without being asked again", async () => {
  const clock = createVirtualClock();
  const abort = new AbortController();
  let attempts = 0;
  const failures: unknown[] = [];
  const apply = appliedInTheEnd({
    ...{ clock, rng: seededRng(1), signal: abort.signal },
    async apply() {
      if (++attempts <= 3) throw new Error("nft was killed by SIGKILL");
    },
    failed: (error) => void failures.push(error),
  });
  await expect(apply()).rejects.toThrow("nft was killed by SIGKILL");
  await clock.advance(10_000);
  expect([attempts, failures.length]).toEqual([4, 2]);
  await clock.advance(100_000);
  expect(attempts).toBe(4);
  await apply();
  await clock.advance(100_000);
  expect(attempts).toBe(5);
});
