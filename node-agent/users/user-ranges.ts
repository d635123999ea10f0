import type { UserRange } from "#runtime/runtime";

/**
 * Which ids of the host a block is, and which block is next: pure.
 *
 * Invariants (held by user-ranges.test.ts):
 * - Ranges are whole blocks of 65536 ids: two blocks have no id in common.
 * - All lie from 2^30 on, far beyond what useradd, subuid files and directory services give to people, and below 2^31,
 *   which some programs cannot pass.
 */

/** What a pod gets, as from Kubernetes' kubelet: any id that an image may name. */
export const RANGE_SIZE = 65_536;
/** Pods with users of their own at one time, on one host. */
export const BLOCKS = 16_384;
const FIRST_ID = 2 ** 30;

/** Thrown when a pod cannot get ids now; trying again later may succeed. */
export class UserRangesExhausted extends Error {
  override name = "UserRangesExhausted";
}

/** The next block behind `last` that nobody has, so that ids rest for as long as they can. */
export function nextFree(
  taken: ReadonlySet<number>,
  last: number,
  blocks = BLOCKS,
): number | undefined {
  for (let step = 1; step <= blocks; step++) {
    const block = (last + step) % blocks;
    if (!taken.has(block)) return block;
  }
  return undefined;
}

export function rangeOf(block: number): UserRange {
  return { firstId: FIRST_ID + block * RANGE_SIZE, count: RANGE_SIZE };
}

export function blockOf(firstId: number): number {
  return (firstId - FIRST_ID) / RANGE_SIZE;
}
