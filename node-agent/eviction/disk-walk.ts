import { opendir, lstat } from "node:fs/promises";
import { join } from "node:path";

export interface TreeUse {
  /** Blocks that are taken, not lengths of files. */
  readonly bytes: number;
  readonly inodes: number;
}

/** One round of measuring looks at no more entries than this, and says what it has seen until then. */
export const maxEntriesPerRound = 200_000;

/** How much of a round is left; shared by all the trees of one round. */
export interface WalkBudget {
  entries: number;
}

/** As `du -x`: one file with several names counts once. What vanishes meanwhile is not there. */
export async function treeUse(root: string, budget: WalkBudget): Promise<TreeUse> {
  const seen = new Set<string>();
  const waiting = [root];
  let bytes = 0;
  let inodes = 0;
  let device: number | undefined;
  for (let path = waiting.pop(); path !== undefined && budget.entries > 0; path = waiting.pop()) {
    budget.entries--;
    const found = await orAbsent(lstat(path));
    if (!found || found.dev !== (device ??= found.dev)) continue;
    const identity = `${found.dev}:${found.ino}`;
    if (found.nlink > 1 && !found.isDirectory()) {
      if (seen.has(identity)) continue;
      seen.add(identity);
    }
    bytes += found.blocks * 512;
    inodes++;
    if (found.isDirectory()) waiting.push(...(await namesIn(path)));
  }
  return { bytes, inodes };
}

async function namesIn(path: string): Promise<string[]> {
  const directory = await orAbsent(opendir(path));
  if (!directory) return [];
  const found: string[] = [];
  for await (const { name } of directory) found.push(join(path, name));
  return found;
}

async function orAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
