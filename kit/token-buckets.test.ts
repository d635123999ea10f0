import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TokenBuckets } from "#kit/token-buckets";

const allowance = { burst: 3, refillMs: 1_000 };

describe("buckets of tokens", () => {
  test("allow a burst, and then one after each interval", () => {
    const buckets = new TokenBuckets(10);
    const take = (nowMs: number): number => buckets.take("a", allowance, nowMs);
    expect([take(0), take(0), take(0)]).toEqual([0, 0, 0]);
    expect(take(0)).toBe(1_000);
    expect(take(250)).toBe(750);
    expect(take(1_000)).toBe(0);
    expect(take(1_000)).toBe(1_000);
    expect([take(9_000), take(9_000), take(9_000), take(9_000)]).toEqual([0, 0, 0, 1_000]);
  });

  test("are each key's own", () => {
    const buckets = new TokenBuckets(10);
    for (let i = 0; i < 4; i++) buckets.take("a", allowance, 0);
    expect(buckets.take("b", allowance, 0)).toBe(0);
  });

  test("neither fill nor wait when the clock is set back", () => {
    const buckets = new TokenBuckets(10);
    for (let i = 0; i < 3; i++) buckets.take("a", allowance, 1_000_000);
    expect(buckets.take("a", allowance, 0)).toBe(1_000);
    expect(buckets.take("a", allowance, 1_000)).toBe(0);
  });

  test("are bounded: the key that was not looked at for longest has a full one again", () => {
    const buckets = new TokenBuckets(2);
    const one = { burst: 1, refillMs: 1_000 };
    for (const key of ["a", "b", "a", "c"]) buckets.take(key, one, 0);
    expect(buckets.take("a", one, 0)).toBe(1_000);
    expect(buckets.take("b", one, 0)).toBe(0);
  });

  test("never allow more than the burst and what was filled in between", () => {
    const steps = fc.array(fc.nat(3_000), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (gaps) => {
        const buckets = new TokenBuckets(10);
        let [nowMs, taken] = [0, 0];
        for (const gap of gaps) {
          nowMs += gap;
          if (buckets.take("a", allowance, nowMs) === 0) taken++;
        }
        expect(taken).toBeLessThanOrEqual(allowance.burst + nowMs / allowance.refillMs + 1e-9);
      }),
    );
  });
});
