import { shiftedStore } from "#control-plane/store/shifted-store";
import type { Store } from "#control-plane/store/store";

/**
 * What a restore leaves in the store, under a key outside of every kind: that it is under way, or that it is complete
 * and by how much revisions are shifted. A store whose restore is under way is served by nobody.
 */
export interface RestoreRecord {
  readonly state: "incomplete" | "complete";
  /** Added to the backend's revisions. */
  readonly revisionOffset: number;
}

export const RESTORE_KEY = "/kaji/restore";

export async function readRestoreRecord(store: Store): Promise<RestoreRecord | undefined> {
  const { keyValue } = await store.get(RESTORE_KEY);
  if (!keyValue) return undefined;
  return JSON.parse(Buffer.from(keyValue.value).toString()) as RestoreRecord;
}

export function encodeRestoreRecord(record: RestoreRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** The store as it is to be served. Throws, and closes it, when a restore into it did not end. */
export async function servedStore(store: Store): Promise<Store> {
  try {
    const record = await readRestoreRecord(store);
    if (!record) return store;
    if (record.state === "complete") return shiftedStore(store, record.revisionOffset);
  } catch (error) {
    await store.close();
    throw error;
  }
  await store.close();
  throw new Error(
    "a restore into this store did not end, and what is there is not whole: run `kaji restore` again with the same backup",
  );
}
