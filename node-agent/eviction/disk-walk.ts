import { constants, type Stats } from "node:fs";
import { lstat, open, opendir } from "node:fs/promises";

export interface TreeUse {
  /** Blocks that are taken, not lengths of files. */
  readonly bytes: number;
  readonly inodes: number;
}

/** One round of measuring looks at no more entries than this, and says what it has seen until then. */
export const maxEntriesPerRound = 200_000;
/** Each level keeps a descriptor open; what lies deeper is not counted. */
const maxDepth = 256;

/** How much of a round is left; shared by all the trees of one round. */
export interface WalkBudget {
  entries: number;
}

/**
 * As `du -x`: one file with several names counts once. What vanishes meanwhile is not there. Pods write these trees:
 * everything is reached through the open descriptor of its directory, so that neither a path longer than the kernel
 * takes nor a link put in its way ends or misleads the walk.
 */
export async function treeUse(root: string, budget: WalkBudget): Promise<TreeUse> {
  const walk: Walk = { budget, seen: new Set(), bytes: 0, inodes: 0, device: undefined };
  await visit(walk, root, 0);
  return { bytes: walk.bytes, inodes: walk.inodes };
}

interface Walk {
  readonly budget: WalkBudget;
  /** Files with several names. */
  readonly seen: Set<number>;
  bytes: number;
  inodes: number;
  device: number | undefined;
}

async function visit(walk: Walk, path: string, depth: number): Promise<void> {
  if (walk.budget.entries <= 0) return;
  walk.budget.entries--;
  const found = await orAbsent(lstat(path));
  if (!found || found.dev !== (walk.device ??= found.dev) || isCounted(walk, found)) return;
  walk.bytes += found.blocks * 512;
  walk.inodes++;
  if (found.isDirectory() && depth < maxDepth) await visitEntries(walk, path, depth);
}

function isCounted({ seen }: Walk, found: Stats): boolean {
  if (found.nlink === 1 || found.isDirectory()) return false;
  const isKnown = seen.has(found.ino);
  seen.add(found.ino);
  return isKnown;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

async function visitEntries(walk: Walk, path: string, depth: number): Promise<void> {
  const handle = await orAbsent(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  if (!handle) return;
  try {
    const at = `/proc/self/fd/${handle.fd}`;
    for (const name of await namesIn(at, walk.budget.entries)) {
      await visit(walk, `${at}/${name}`, depth + 1);
    }
  } finally {
    await handle.close();
  }
}

/** Not more than `most`: a directory may hold millions. */
async function namesIn(path: string, most: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of await opendir(path)) {
    if (found.length >= most) break;
    found.push(name);
  }
  return found;
}

async function orAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(code)) return undefined;
    throw error;
  }
}
