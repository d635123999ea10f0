import { backupEntries } from "#control-plane/store/backup/read-backup";
import {
  encodeRestoreRecord,
  readRestoreRecord,
  RESTORE_KEY,
  type RestoreRecord,
} from "#control-plane/store/restore-record";
import type { Operation, Store } from "#control-plane/store/store";

/**
 * Puts a backup's keys into a store, so that at every moment the store is either what it was, or marked as
 * incomplete, or whole: the mark is written first and turned into "complete" last, each durably.
 */
export interface RestoreOptions {
  /** A backend as it is (openBackend). */
  readonly store: Store;
  /** A verified backup. */
  readonly path: string;
  /** Of the backup. */
  readonly revision: number;
  /** Replaces what is in the store. */
  readonly isForced: boolean;
  readonly nowMs: number;
  /** Called when the store is marked and before its keys are written: whatever must be there with them. */
  readonly restoreFiles: () => Promise<void>;
}

/** What a cluster may have gone on after its backup. */
const REVISION_MARGIN = 1_000_000_000;
/** Below the least limits that etcd has by default: 128 operations and 1.5 MiB a transaction. */
const BATCH_OPERATIONS = 100;
const BATCH_BYTES = 512 * 1024;
const PAGE_KEYS = 100;

export class StoreNotEmptyError extends Error {
  override name = "StoreNotEmptyError";
}

/** Resolves with the number of keys written. */
export async function restoreKeys(options: RestoreOptions): Promise<number> {
  const { store, path, isForced } = options;
  const record = await readRestoreRecord(store);
  const isInterrupted = record?.state === "incomplete";
  const { keyValues } = await store.list({ prefix: "", limit: 1, isCounted: false });
  if (keyValues.length > 0 && !isForced && !isInterrupted) {
    throw new StoreNotEmptyError(
      "the store is not empty: give --force to replace all that is in it by the backup",
    );
  }
  const revisionOffset = await offsetFor(options, record);
  const mark = (state: "incomplete" | "complete"): Promise<unknown> =>
    put(store, [
      { type: "put", key: RESTORE_KEY, value: encodeRestoreRecord({ state, revisionOffset }) },
    ]);
  await mark("incomplete");
  await removeAll(store);
  await options.restoreFiles();
  const written = await writeAll(store, path);
  await mark("complete");
  return written;
}

/**
 * Above every revision that any client can have seen: of the backup, of this store, and, by the time of day, of stores
 * that the same backup was restored into before. One that an interrupted restore has chosen is kept.
 */
async function offsetFor(
  { store, revision, nowMs }: RestoreOptions,
  record: RestoreRecord | undefined,
): Promise<number> {
  const above = Math.max(revision, nowMs) + REVISION_MARGIN;
  if (record?.state === "incomplete") return Math.max(record.revisionOffset, above);
  const seen = (await store.currentRevision()) + (record?.revisionOffset ?? 0);
  return Math.max(above, seen + REVISION_MARGIN);
}

async function removeAll(store: Store): Promise<void> {
  for (;;) {
    const { keyValues } = await store.list({ prefix: "", limit: PAGE_KEYS, isCounted: false });
    const keys = keyValues.map(({ key }) => key).filter((key) => key !== RESTORE_KEY);
    if (keys.length === 0) return;
    await put(
      store,
      keys.map((key) => ({ type: "delete", key })),
    );
  }
}

async function writeAll(store: Store, path: string): Promise<number> {
  let batch: Operation[] = [];
  let bytes = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await put(store, batch);
    written += batch.length;
    batch = [];
    bytes = 0;
  };
  for await (const entry of backupEntries(path)) {
    if (entry.type !== "key") continue;
    const { key, value } = entry;
    const isFull = batch.length === BATCH_OPERATIONS || bytes + value.length > BATCH_BYTES;
    if (isFull) await flush();
    batch.push({ type: "put", key, value });
    bytes += key.length + value.length;
  }
  await flush();
  return written;
}

function put(store: Store, then: readonly Operation[]): Promise<unknown> {
  return store.txn({ compare: [], then });
}
