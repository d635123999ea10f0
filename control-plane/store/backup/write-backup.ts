import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { BackupEncoder, type BackupEntry } from "#control-plane/store/backup/format";
import { RESTORE_KEY } from "#control-plane/store/restore-record";
import type { Store } from "#control-plane/store/store";

/** Keys that are held in memory at a time. */
const PAGE_KEYS = 100;
const MIN_CHUNK_BYTES = 64 * 1024;

export interface BackupSource {
  readonly store: Store;
  /** What must be there beside the store for old credentials to go on: see state-files.ts. */
  readonly files: readonly Extract<BackupEntry, { type: "file" }>[];
  /** Everything is as it was then. Caller must: keep compaction below it until the backup has ended. */
  readonly revision: number;
  readonly nowMs: number;
}

/**
 * The bytes of a backup, a page of keys in memory at a time. What hangs on a lease (events, presence) is left out: it
 * would expire soon. Throws CompactedError when the history is overtaken.
 */
export async function* backupBytes(source: BackupSource): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 6 });
  // An error of either end reaches the reader through gzip.
  pipeline(Readable.from(chunksOf(source)), gzip, () => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
}

async function* chunksOf(source: BackupSource): AsyncGenerator<Buffer> {
  let chunk = "";
  for await (const line of linesOf(source)) {
    chunk += line;
    if (chunk.length < MIN_CHUNK_BYTES) continue;
    yield Buffer.from(chunk);
    chunk = "";
  }
  yield Buffer.from(chunk);
}

async function* linesOf({ store, files, revision, nowMs }: BackupSource): AsyncGenerator<string> {
  const encoder = new BackupEncoder();
  yield encoder.header(revision, nowMs);
  for (const file of files) yield encoder.entry(file);
  for (let after: string | undefined; ; ) {
    const from = after === undefined ? {} : { after };
    const range = { prefix: "", limit: PAGE_KEYS, isCounted: false, revision, ...from };
    const page = await store.list(range);
    for (const { key, value, lease } of page.keyValues) {
      const isPassing = lease !== undefined || key === RESTORE_KEY;
      if (!isPassing) yield encoder.entry({ type: "key", key, value });
    }
    after = page.keyValues.at(-1)?.key;
    if (!page.hasMore || after === undefined) break;
  }
  yield encoder.end();
}
