import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  holdRange,
  noRanges,
  RANGE_SIZE,
  RANGES_LIMIT,
  releaseRange,
  type UserRanges,
  UserRangesExhausted,
} from "#node-agent/users/user-ranges";

const LIMIT = 8;

/** Pods come and go, as many as there are ranges. */
const steps = fc.array(
  fc.record({ isHold: fc.boolean(), uid: fc.integer({ min: 1, max: LIMIT }).map(String) }),
  { maxLength: 200, size: "max" },
);

function filled(limit: number): UserRanges {
  let ranges = noRanges;
  for (let pod = 0; pod < limit; pod++) ranges = holdRange(ranges, `${pod}`, limit).ranges;
  return ranges;
}

describe("the ranges of user ids", () => {
  test("never overlap, never hold an id of the host's own users, and stay a pod's until released", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let ranges = noRanges;
        const firstIds = new Map<string, number>();
        for (const { isHold, uid } of sequence) {
          if (!isHold) {
            ranges = releaseRange(ranges, uid);
            firstIds.delete(uid);
            continue;
          }
          const next = holdRange(ranges, uid, LIMIT);
          ranges = next.ranges;
          const { firstId, count } = next.range;
          expect(firstId).toBe(firstIds.get(uid) ?? firstId);
          firstIds.set(uid, firstId);
          expect(count).toBe(RANGE_SIZE);
          expect(firstId % RANGE_SIZE).toBe(0);
          expect(firstId).toBeGreaterThanOrEqual(RANGE_SIZE);
          // Whole blocks that begin at different ids have none in common.
          expect(new Set(firstIds.values()).size).toBe(firstIds.size);
        }
        expect(Object.keys(ranges.held).sort()).toEqual([...firstIds.keys()].sort());
      }),
    );
  });

  test("rest for as long as others are free", () => {
    const first = holdRange(noRanges, "a");
    const second = holdRange(releaseRange(first.ranges, "a"), "b");
    expect(second.range.firstId).toBe(first.range.firstId + RANGE_SIZE);
  });

  test("go to as many pods as the limit says, the next one is told, and one that ends makes room", () => {
    const full = filled(LIMIT);
    const more = () => holdRange(full, "one more", LIMIT);
    expect(more).toThrow(UserRangesExhausted);
    expect(more).toThrow(
      `no user ids are left on this node: ${LIMIT} pods with hostUsers: false have them all, one of them has to end`,
    );
    const { range } = holdRange(releaseRange(full, "5"), "one more", LIMIT);
    expect(range).toEqual(holdRange(full, "5", LIMIT).range);
  });

  test("all lie below 2^31, also the last of a full node", () => {
    const { range } = holdRange({ ...noRanges, last: noRanges.last + RANGES_LIMIT - 1 }, "a");
    expect(range.firstId + range.count).toBeLessThanOrEqual(2 ** 31);
    expect(range.firstId).toBe(
      holdRange(noRanges, "b").range.firstId + (RANGES_LIMIT - 1) * RANGE_SIZE,
    );
  });
});
