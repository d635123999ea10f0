import { readStateFiles } from "#control-plane/store/backup/state-files";
import { backupBytes } from "#control-plane/store/backup/write-backup";
import { openStore, type StoreOptions } from "#control-plane/store/index";
import type { Locations } from "#kit/locations";

/** The bytes of a backup straight from a store: for when no server runs. */
export async function* backupOfStore(
  storeUrl: string,
  { locations, ...options }: StoreOptions & { readonly locations: Locations },
): AsyncGenerator<Uint8Array> {
  const store = await openStore(storeUrl, options);
  try {
    const files = await readStateFiles(locations.lib);
    const revision = await store.currentRevision();
    yield* backupBytes({ store, files, revision, nowMs: options.clock.now() });
  } finally {
    await store.close();
  }
}
