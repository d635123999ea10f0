import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Locations } from "#kit/locations";
import type { Rng } from "#kit/rng";
import { readBootId } from "#node-agent/network/boot-file";
import {
  BLOCKS,
  blockOf,
  nextFree,
  rangeOf,
  UserRangesExhausted,
} from "#node-agent/users/user-ranges";
import type { UserRange } from "#runtime/runtime";

/**
 * The user ids of pods, in one directory for all nodes of a host: a symbolic link for each range, named by its first id,
 * that says whose it is: <the node's run directory>/<uid of the pod>. It leads nowhere.
 *
 * Invariants:
 * - What `hold` answers is in the directory before it answers. The kernel makes a link whole or not at all, and for one
 *   of those who want it: no two pods of the host have a block in common, whenever who is killed.
 * - After a reboot the book is empty, because no pod survived it: the directory is named after the boot.
 * - Only who made a link removes it. That of a node whose files were deleted without `kaji down` stays until the reboot.
 * - The first search begins anywhere: nodes that share a kernel and not /run (containers of their own) seldom meet.
 */
export interface RangeBook {
  /** The pod's own, the same each time. Throws UserRangesExhausted. */
  hold(uid: string): UserRange;
  /** Caller must: have ended every process of the pod. */
  release(uid: string): void;
  uids(): readonly string[];
}

export interface RangeBookOptions {
  /** What no other node of this host has: its run directory. */
  readonly owner: string;
  readonly rng: Rng;
  /** Default: the host's. */
  readonly directory?: string;
  /** Default: all there are. */
  readonly blocks?: number;
}

const HOST_DIRECTORY = "/run/kaji-user-ranges";

export function openRangeBook(options: RangeBookOptions): RangeBook {
  const { owner, rng, directory = HOST_DIRECTORY, blocks = BLOCKS } = options;
  const page = join(directory, readBootId());
  removeEarlierPages(page);
  const held = readHeld(page, owner);
  let last = Math.floor(rng.next() * blocks);
  return {
    hold(uid) {
      const own = held.get(uid);
      if (own !== undefined) return rangeOf(own);
      const block = claim(page, join(owner, uid), last, blocks);
      held.set(uid, block);
      last = block;
      return rangeOf(block);
    },
    release(uid) {
      const block = held.get(uid);
      if (block === undefined) return;
      removeClaim(page, block);
      held.delete(uid);
    },
    uids: () => [...held.keys()],
  };
}

/** Gives all back that the pods of this node held. Caller must: have ended them and the agent. */
export function removeRanges({ run }: Locations, directory = HOST_DIRECTORY): void {
  const page = join(directory, readBootId());
  for (const block of readHeld(page, run).values()) removeClaim(page, block);
}

/** Takes the next block that nobody has or takes at this moment. */
function claim(page: string, text: string, last: number, blocks: number): number {
  for (;;) {
    const taken = new Set(namesIn(page).map((name) => blockOf(Number(name))));
    const block = nextFree(taken, last, blocks);
    if (block === undefined) {
      throw new UserRangesExhausted(
        `no user ids are left on this host: ${blocks} pods with hostUsers: false have them all (${page} says which), one of them has to end`,
      );
    }
    mkdirSync(page, { recursive: true, mode: 0o700 });
    try {
      symlinkSync(text, linkOf(page, block));
      return block;
    } catch (error) {
      // Another agent was faster: with the block, or with the removal of the empty directory.
      if (!hasCode(error, "EEXIST", "ENOENT")) throw error;
    }
  }
}

function removeClaim(page: string, block: number): void {
  ifThere(() => unlinkSync(linkOf(page, block)), undefined);
  for (const directory of [page, dirname(page)]) {
    try {
      rmdirSync(directory);
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTEMPTY", "EEXIST")) throw error;
      return;
    }
  }
}

function linkOf(page: string, block: number): string {
  return join(page, `${rangeOf(block).firstId}`);
}

/** Blocks of this owner, by pod uid. */
function readHeld(page: string, owner: string): Map<string, number> {
  const held = new Map<string, number>();
  for (const name of namesIn(page)) {
    const text = ifThere(() => readlinkSync(join(page, name)), "");
    if (dirname(text) === owner) held.set(basename(text), blockOf(Number(name)));
  }
  return held;
}

function removeEarlierPages(page: string): void {
  for (const name of namesIn(dirname(page))) {
    if (name === basename(page)) continue;
    rmSync(join(dirname(page), name), { recursive: true, force: true });
  }
}

function namesIn(directory: string): readonly string[] {
  return ifThere(() => readdirSync(directory), []);
}

function ifThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return otherwise;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
