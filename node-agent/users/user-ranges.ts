import type { UserRange } from "#runtime/runtime";

/**
 * Which pod's users are which ids of the host: pure, each step gives a new state.
 *
 * Invariants (held by user-ranges.test.ts):
 * - No two pods have an id in common; a pod keeps its range until it is released.
 * - Ranges are whole blocks of 65536 ids. The first block, where the host's own users are, is never given.
 */
export interface UserRanges {
  /** Number of the block, by pod uid. */
  readonly held: Readonly<Record<string, number>>;
  /** The block that was given last: the search goes on behind it, so that ids rest for as long as they can. */
  readonly last: number;
}

/** What a pod gets, as from Kubernetes' kubelet: any id that an image may name. */
export const RANGE_SIZE = 65_536;
/**
 * From id 1073741824 on: far beyond what useradd, subuid files and directory services give to people. All ids stay
 * below 2^31, which some programs cannot pass.
 */
const FIRST_BLOCK = 16_384;
/** Pods with users of their own at one time, on one node. */
export const RANGES_LIMIT = 4_096;

export const noRanges: UserRanges = { held: {}, last: FIRST_BLOCK - 1 };

/** Thrown when a pod cannot get ids now; trying again later may succeed. */
export class UserRangesExhausted extends Error {
  override name = "UserRangesExhausted";
}

export function holdRange(
  ranges: UserRanges,
  uid: string,
  limit = RANGES_LIMIT,
): { readonly ranges: UserRanges; readonly range: UserRange } {
  const own = ranges.held[uid];
  if (own !== undefined) return { ranges, range: rangeOf(own) };
  const block = nextFree(ranges, limit);
  if (block === undefined) {
    throw new UserRangesExhausted(
      `no user ids are left on this node: ${limit} pods with hostUsers: false have them all, one of them has to end`,
    );
  }
  return {
    range: rangeOf(block),
    ranges: { held: { ...ranges.held, [uid]: block }, last: block },
  };
}

export function releaseRange(ranges: UserRanges, uid: string): UserRanges {
  const { [uid]: block, ...held } = ranges.held;
  return block === undefined ? ranges : { ...ranges, held };
}

function nextFree({ held, last }: UserRanges, limit: number): number | undefined {
  const taken = new Set(Object.values(held));
  for (let step = 1; step <= limit; step++) {
    const block = FIRST_BLOCK + ((last - FIRST_BLOCK + step) % limit);
    if (!taken.has(block)) return block;
  }
  return undefined;
}

function rangeOf(block: number): UserRange {
  return { firstId: block * RANGE_SIZE, count: RANGE_SIZE };
}
