import { join } from "node:path";
import type { Locations } from "#kit/locations";
import { bootFile } from "#node-agent/network/boot-file";
import { holdRange, noRanges, releaseRange, type UserRanges } from "#node-agent/users/user-ranges";
import type { UserRange } from "#runtime/runtime";

/**
 * The user ids of this node's pods, kept in one file.
 *
 * Invariants:
 * - What `hold` answers is on disk before it answers.
 * - After a reboot the book is empty: no pod survived it.
 */
export interface RangeBook {
  /** The pod's own, the same each time. Throws UserRangesExhausted. */
  hold(uid: string): UserRange;
  /** Caller must: have ended every process of the pod. */
  release(uid: string): void;
  uids(): readonly string[];
}

export function rangeFileOf({ run }: Locations): string {
  return join(run, "agent", "user-ranges.json");
}

export function openRangeBook(path: string): RangeBook {
  const file = bootFile<UserRanges>(path);
  let page = file.read() ?? noRanges;
  const turn = (next: UserRanges): void => {
    if (next === page) return;
    file.write(next);
    page = next;
  };
  return {
    hold(uid) {
      const { ranges, range } = holdRange(page, uid);
      turn(ranges);
      return range;
    },
    release: (uid) => turn(releaseRange(page, uid)),
    uids: () => Object.keys(page.held),
  };
}
