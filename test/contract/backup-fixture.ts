import { mkdtempSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupBytes } from "#control-plane/store/backup/write-backup";
import { restoreKeys } from "#control-plane/store/backup/restore";
import { verifyBackup } from "#control-plane/store/backup/read-backup";
import type { Store } from "#control-plane/store/store";

export const scratch = (): string => mkdtempSync(join(tmpdir(), "kaji-backup-"));

/** Writes a backup of the store as it is now, and gives its revision. */
export async function backUp(store: Store, path: string): Promise<number> {
  const revision = await store.currentRevision();
  await writeFile(path, await gathered(backupBytes({ store, files: [], revision, nowMs: 0 })));
  return revision;
}

export async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Into a backend as it is (openBackend). */
export async function restoreInto(store: Store, path: string, isForced = false): Promise<number> {
  const { header } = await verifyBackup(path);
  const restoreFiles = (): Promise<void> => Promise.resolve();
  const { revision } = header;
  return restoreKeys({ store, path, revision, isForced, nowMs: Date.now(), restoreFiles });
}

/** Keys and values, without what the restore itself left. */
export async function contents(store: Store): Promise<Record<string, string>> {
  const { keyValues } = await store.list({ prefix: "" });
  return Object.fromEntries(
    keyValues
      .filter(({ key }) => key !== "/kaji/restore")
      .map(({ key, value }) => [key, Buffer.from(value).toString("base64")]),
  );
}

/** Enough for several pages and batches, with values that are not text. */
export async function fill(store: Store, keys: number): Promise<void> {
  const writes = Array.from({ length: keys }, (_, i) => {
    const value = Buffer.alloc(i % 700, i % 256);
    const key = `/registry/core/configmaps/default/c${i}`;
    return store.txn({ compare: [], then: [{ type: "put", key, value }] });
  });
  await Promise.all(writes);
}
