import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AddressesExhausted,
  type AddressPool,
  emptyPool,
  holdAddress,
  releaseAddress,
} from "#node-agent/network/address-pool";
import { parseRange } from "#kit/ipv4";

const rules = { range: parseRange("10.244.3.0/28"), quarantineMs: 60_000 };
const sizeForPods = 13;

/** Pods come and go while time passes; each step gives the uid and how long after the last one it happens. */
const steps = fc.array(
  fc.record({
    isHold: fc.boolean(),
    uid: fc.integer({ min: 0, max: 20 }).map(String),
    afterMs: fc.integer({ min: 0, max: 40_000 }),
  }),
  { maxLength: 200 },
);

describe("the address pool", () => {
  test("never gives an address to two pods, nor within its quarantine, nor one that is not a pod's", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let pool: AddressPool = emptyPool;
        let nowMs = 0;
        const releasedAt = new Map<string, number>();
        for (const { isHold, uid, afterMs } of sequence) {
          nowMs += afterMs;
          const had = pool.held[uid];
          if (!isHold) {
            pool = releaseAddress(pool, uid, nowMs);
            if (had) releasedAt.set(had, nowMs);
            continue;
          }
          const next = tryHold(pool, uid, nowMs);
          if (!next) continue;
          pool = next.pool;
          if (had) expect(next.ip).toBe(had);
          else
            expect(nowMs - (releasedAt.get(next.ip) ?? -Infinity)).toBeGreaterThanOrEqual(60_000);
          const held = Object.values(pool.held);
          expect(new Set(held).size).toBe(held.length);
          expect(["10.244.3.0", "10.244.3.1", "10.244.3.15"]).not.toContain(next.ip);
        }
      }),
    );
  });

  test("takes addresses that were never used first, then the one released longest ago", () => {
    let pool: AddressPool = emptyPool;
    for (let pod = 0; pod < sizeForPods; pod++) pool = holdAddress(pool, rules, `${pod}`, 0).pool;
    pool = releaseAddress(pool, "5", 1000);
    pool = releaseAddress(pool, "2", 2000);
    const first = holdAddress(pool, rules, "x", 70_000);
    expect(first.ip).toBe("10.244.3.7");
    expect(holdAddress(first.pool, rules, "y", 70_000).ip).toBe("10.244.3.4");
  });

  test("says in one sentence why there is no address", () => {
    let pool: AddressPool = emptyPool;
    for (let pod = 0; pod < sizeForPods; pod++) pool = holdAddress(pool, rules, `${pod}`, 0).pool;
    pool = releaseAddress(pool, "5", 1000);
    expect(() => holdAddress(pool, rules, "x", 2000)).toThrow(
      "no free address in 10.244.3.0/28: 12 are held by pods and 1 were released less than 60 s ago",
    );
  });

  test("leaves the addresses of another range alone", () => {
    const other = holdAddress(emptyPool, rules, "a", 0).pool;
    const moved = { ...rules, range: parseRange("10.244.4.0/24") };
    expect(holdAddress(other, moved, "a", 0).ip).toBe("10.244.3.2");
    expect(holdAddress(releaseAddress(other, "a", 0), moved, "b", 0).ip).toBe("10.244.4.2");
  });
});

function tryHold(pool: AddressPool, uid: string, nowMs: number) {
  try {
    return holdAddress(pool, rules, uid, nowMs);
  } catch (error) {
    expect(error).toBeInstanceOf(AddressesExhausted);
    return undefined;
  }
}
