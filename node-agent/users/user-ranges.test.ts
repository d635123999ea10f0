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

/** Pods come and go. */
const steps = fc.array(
  fc.record({ isHold: fc.boolean(), uid: fc.integer({ min: 0, max: 20 }).map(String) }),
  { maxLength: 200 },
);

const firstBlock = holdRange(noRanges, "any").range.firstId / RANGE_SIZE;

/** All ranges but the first few are other pods'. */
function crowded(free: number): UserRanges {
  const blocks = Array.from({ length: RANGES_LIMIT - free }, (_, at) => firstBlock + free + at);
  const held = Object.fromEntries(blocks.map((block) => [`other-${block}`, block]));
  return { held, last: firstBlock + RANGES_LIMIT - 1 };
}

describe("the ranges of user ids", () => {
  test("never overlap, never hold an id of the host's own users, and stay a pod's until released", () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(noRanges, crowded(21)), (sequence, before) => {
        let ranges = before;
        const others = new Set(Object.values(before.held).map((block) => block * RANGE_SIZE));
        const firstIds = new Map<string, number>();
        for (const { isHold, uid } of sequence) {
          if (!isHold) {
            ranges = releaseRange(ranges, uid);
            firstIds.delete(uid);
            continue;
          }
          const next = holdRange(ranges, uid);
          ranges = next.ranges;
          const { firstId, count } = next.range;
          expect(firstId).toBe(firstIds.get(uid) ?? firstId);
          firstIds.set(uid, firstId);
          expect(count).toBe(RANGE_SIZE);
          expect(firstId % RANGE_SIZE).toBe(0);
          expect(firstId).toBeGreaterThanOrEqual(RANGE_SIZE);
          expect(firstId + count).toBeLessThanOrEqual(2 ** 31);
          expect(others.has(firstId)).toBe(false);
          // Whole blocks that begin at different ids have none in common.
          expect(new Set(firstIds.values()).size).toBe(firstIds.size);
        }
        expect(Object.keys(ranges.held)).toHaveLength(firstIds.size + others.size);
      }),
    );
  });

  test("rest for as long as others are free", () => {
    const first = holdRange(noRanges, "a");
    const second = holdRange(releaseRange(first.ranges, "a"), "b");
    expect(second.range.firstId).toBe(first.range.firstId + RANGE_SIZE);
  });

  test("go to as many pods as the limit says, the next one is told, and one that ends makes room", () => {
    const last = holdRange(crowded(1), "last");
    const more = () => holdRange(last.ranges, "one more");
    expect(more).toThrow(UserRangesExhausted);
    expect(more).toThrow(
      `no user ids are left on this node: ${RANGES_LIMIT} pods with hostUsers: false have them all, one of them has to end`,
    );
    const { range } = holdRange(releaseRange(last.ranges, "last"), "one more");
    expect(range).toEqual(last.range);
  });
});
