import type { Lease } from "#api/schema/types";
import { readRestoreRecord } from "#control-plane/store/restore-record";
import { verifyBackup } from "#control-plane/store/backup/read-backup";
import { restoreKeys } from "#control-plane/store/backup/restore";
import { conflictingFile, writeStateFiles } from "#control-plane/store/backup/state-files";
import { openBackend, type StoreOptions } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";

export interface RestoreServerOptions extends StoreOptions {
  readonly locations: Locations;
  readonly storeUrl: string;
  /** The backup. */
  readonly path: string;
  /** Replaces what is there: the store's keys, and the certificates and keys of this host's server. */
  readonly isForced: boolean;
}

export interface Restored {
  readonly keys: number;
  /** RFC 3339: when the backup was made. */
  readonly createdAt: string;
}

/** Puts a backup into a store that no server uses, and its files under <lib>. Nothing is written before all is checked. */
export async function restoreServer(options: RestoreServerOptions): Promise<Restored> {
  const { locations, storeUrl, path, isForced, clock } = options;
  const { lib } = locations;
  const { header } = await verifyBackup(path);
  const store = await openBackend(storeUrl, options);
  try {
    const isInterrupted = (await readRestoreRecord(store))?.state === "incomplete";
    if (!isInterrupted) await requireNoServer(store, clock);
    const conflict = isForced || isInterrupted ? undefined : await conflictingFile(lib, path);
    if (conflict !== undefined) {
      throw new Error(
        `${conflict} is there and is not the one in the backup: give --force to replace this host's certificates and keys by the backup's, or another --root-dir`,
      );
    }
    const keys = await restoreKeys({
      store,
      path,
      revision: header.revision,
      isForced,
      nowMs: clock.now(),
      restoreFiles: () => writeStateFiles(lib, path),
    });
    return { keys, createdAt: header.createdAt };
  } finally {
    await store.close();
  }
}

/** Where servers keep their presence (control-plane/servers). An embedded store is locked by its server instead. */
const PRESENCE_PREFIX = "/registry/coordination.k8s.io/leases/kube-system/apiserver-";
/** Twice as long as a server may be silent. */
const PRESENCE_FRESH_MS = 20_000;

/** A server that runs would serve what is half restored, with revisions of its own. */
async function requireNoServer(store: Store, clock: Clock): Promise<void> {
  const { keyValues } = await store.list({ prefix: PRESENCE_PREFIX });
  for (const { value } of keyValues) {
    const { metadata, spec } = JSON.parse(Buffer.from(value).toString()) as Lease;
    const ageMs = clock.now() - Date.parse(spec?.renewTime ?? "");
    if (!(ageMs < PRESENCE_FRESH_MS)) continue;
    const seconds = Math.max(0, Math.round(ageMs / 1000));
    throw new Error(
      `a server uses this store (${metadata.name}, heard of ${seconds} s ago): stop all servers and try again ${PRESENCE_FRESH_MS / 1000} s later`,
    );
  }
}
