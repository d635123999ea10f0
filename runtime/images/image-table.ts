import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "#runtime/images/digest";
import { isMissing, writeFileAtomically } from "#runtime/images/files";
import type { FileLock } from "#runtime/images/lock";

/**
 * Owns <root>/images.json: which manifests the store holds and by which names they are called.
 * Invariants:
 * - Written as a whole (temp, fsync, rename) by whoever holds the table lock; readers need no lock.
 * - A name belongs to one manifest; giving it to another takes it from the first.
 * - A manifest is entered only after all its blobs are in the content store.
 */
export interface ImageTable {
  read(): Promise<TableState>;
  /** Read-modify-write under the lock; the change sees what is on disk now. */
  update(change: (state: TableState) => TableState): Promise<TableState>;
}

export interface TableState {
  readonly version: 1;
  readonly images: Readonly<Record<Digest, TableEntry>>;
}

export interface TableEntry {
  readonly config: Digest;
  /** "docker.io/library/nginx:1.25" */
  readonly references: readonly string[];
  /** "docker.io/library/nginx@sha256:..." */
  readonly repoDigests: readonly string[];
  readonly addedAtMs: number;
  /** When each reference was given, by the clock of the host where that was done; the others came with the image. */
  readonly namedAtMs?: Readonly<Record<string, number>>;
}

export const TABLE_FILE = "images.json";
const EMPTY: TableState = { version: 1, images: {} };

export function createImageTable(root: string, tmpDir: string, lock: FileLock): ImageTable {
  const path = join(root, TABLE_FILE);
  let cached: { readonly stamp: string; readonly state: TableState } | undefined;

  const read = async (): Promise<TableState> => {
    try {
      const { mtimeNs, ino, size } = await stat(path, { bigint: true });
      const stamp = `${mtimeNs}-${ino}-${size}`;
      if (cached?.stamp !== stamp) {
        cached = { stamp, state: JSON.parse(await readFile(path, "utf8")) as TableState };
      }
      return cached.state;
    } catch (error) {
      if (isMissing(error)) return EMPTY;
      throw new Error(`cannot read the image table ${path}`, { cause: error });
    }
  };
  return {
    read,
    update: (change) =>
      lock.exclusive(async () => {
        const before = await read();
        const after = change(before);
        if (after !== before) await writeFileAtomically(path, JSON.stringify(after), tmpDir);
        return after;
      }),
  };
}

export function withImage(
  state: TableState,
  manifest: Digest,
  added: {
    config: Digest;
    reference?: string;
    repoDigest?: string;
    nowMs: number;
    /** Default: now. */
    namedAtMs?: number;
  },
): TableState {
  const images: Record<Digest, TableEntry> = {};
  for (const [digest, entry] of Object.entries(state.images)) {
    images[digest] = added.reference ? withoutName(entry, added.reference) : entry;
  }
  const known = images[manifest];
  images[manifest] = {
    config: added.config,
    references: union(known?.references, added.reference),
    repoDigests: union(known?.repoDigests, added.repoDigest),
    addedAtMs: known?.addedAtMs ?? added.nowMs,
    namedAtMs: {
      ...known?.namedAtMs,
      ...(added.reference ? { [added.reference]: added.namedAtMs ?? added.nowMs } : {}),
    },
  };
  return { ...state, images };
}

export function withoutReference(state: TableState, name: string): TableState {
  const images: Record<Digest, TableEntry> = {};
  for (const [digest, entry] of Object.entries(state.images)) {
    const left = withoutName(entry, name);
    // The last name takes the image with it; one that never had a name stays until pruned.
    const hadName = entry.references.length + entry.repoDigests.length > 0;
    if (!hadName || left.references.length > 0 || (left.repoDigests.length > 0 && left === entry)) {
      images[digest] = left;
    }
  }
  return { ...state, images };
}

export function withoutManifests(state: TableState, gone: ReadonlySet<Digest>): TableState {
  const kept = Object.entries(state.images).filter(([digest]) => !gone.has(digest));
  return { ...state, images: Object.fromEntries(kept) };
}

function withoutName(entry: TableEntry, name: string): TableEntry {
  if (!entry.references.includes(name) && !entry.repoDigests.includes(name)) return entry;
  const { [name]: _, ...namedAtMs } = entry.namedAtMs ?? {};
  return {
    ...entry,
    namedAtMs,
    references: entry.references.filter((known) => known !== name),
    repoDigests: entry.repoDigests.filter((known) => known !== name),
  };
}

function union(known: readonly string[] | undefined, added: string | undefined): readonly string[] {
  const names = new Set(known);
  if (added !== undefined) names.add(added);
  return [...names].sort();
}
