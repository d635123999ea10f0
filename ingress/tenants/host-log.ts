import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { encodeEntries, type TenantEntry } from "#ingress/tenants/table";

/**
 * The file from which nginx itself starts with every tenant's host: a log of entries (tenants.lua reads it), written
 * anew when most of its lines are of the past. A change costs its own line, not all of them.
 *
 * Invariants:
 * - An entry is appended before nginx is told: what nginx serves is in the file, whenever it is killed.
 * - `rewrite` replaces the file whole or not at all.
 * - An unfinished last line (the power went) is nobody's entry: nginx passes over it, and the next rewrite drops it.
 */
export class HostLog {
  private readonly path: string;
  private file: FileHandle | undefined;
  private lines = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** The keys in the file, so that what is gone since can be taken from nginx. */
  async keys(): Promise<Set<string>> {
    const keys = new Set<string>();
    if (!existsSync(this.path)) return keys;
    const lines = createInterface({ input: createReadStream(this.path), crlfDelay: Infinity });
    for await (const line of lines) {
      const end = line.indexOf("\t");
      const key = end < 0 ? line : line.slice(0, end);
      if (key) keys.add(key);
    }
    return keys;
  }

  /** Caller must: have called `rewrite` once: what another process left may end in the middle of a line. */
  async append(entries: readonly TenantEntry[]): Promise<void> {
    this.file ??= await open(this.path, "a", 0o600);
    await this.file.appendFile(encodeEntries(entries));
    this.lines += entries.length;
  }

  /** Whether most of it is of the past. */
  isWorn(liveEntries: number): boolean {
    return this.lines > Math.max(LEAST_LINES, 2 * liveEntries);
  }

  async rewrite(entries: Iterable<TenantEntry>): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const next = await open(`${this.path}.new`, "w", 0o600);
    let lines = 0;
    try {
      for (const slice of slicesOf(entries, SLICE_ENTRIES)) {
        await next.appendFile(encodeEntries(slice));
        lines += slice.length;
      }
      await next.sync();
    } finally {
      await next.close();
    }
    await rename(`${this.path}.new`, this.path);
    await this.file?.close();
    this.file = undefined;
    this.lines = lines;
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}

/** A file of fewer lines is read in no time, whatever they say. */
const LEAST_LINES = 20_000;
/** Between two of them the rest of the process runs. */
const SLICE_ENTRIES = 5_000;

export function* slicesOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < size) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
