import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLOCKS, blockOf, nextFree, RANGE_SIZE, rangeOf } from "#node-agent/users/user-ranges";

describe("the ranges of user ids", () => {
  test("are whole blocks, never an id of the host's own users, and all lie below 2^31", () => {
    const blocks = fc.integer({ min: 0, max: BLOCKS - 1 });
    fc.assert(
      fc.property(blocks, blocks, (one, other) => {
        const { firstId, count } = rangeOf(one);
        expect(blockOf(firstId)).toBe(one);
        expect(count).toBe(RANGE_SIZE);
        expect(firstId % RANGE_SIZE).toBe(0);
        expect(firstId).toBeGreaterThanOrEqual(2 ** 30);
        expect(firstId + count).toBeLessThanOrEqual(2 ** 31);
        const distance = Math.abs(firstId - rangeOf(other).firstId);
        expect(one === other || distance >= count).toBe(true);
      }),
    );
    expect(rangeOf(BLOCKS - 1).firstId + RANGE_SIZE).toBe(2 ** 31);
  });

  test("rest for as long as others are free, and are found wherever the free one is", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 7 })),
        fc.integer({ min: 0, max: 7 }),
        (taken, last) => {
          const block = nextFree(new Set(taken), last, 8);
          if (block === undefined) {
            expect(taken).toHaveLength(8);
            return;
          }
          expect(taken).not.toContain(block);
          for (let step = 1; (last + step) % 8 !== block; step++) {
            expect(taken).toContain((last + step) % 8);
          }
        },
      ),
    );
  });
});
