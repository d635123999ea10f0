import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import { createRevisionStore } from "#control-plane/store/revision-store";
import { SqliteTable } from "#control-plane/store/sqlite-table";
import type { Store } from "#control-plane/store/store";
import Database from "libsql";

/**
 * The embedded store: one SQLite file in WAL mode. The writes of one turn of the event loop share one durable
 * transaction (group commit). The lock is held as long as the process lives, and the kernel drops it when the
 * process dies, so that a crash leaves nothing to clean up.
 */
export function openSqliteStore(
  path: string,
  options: { clock: Clock; log: Log; watchBufferBatches?: number },
): Store {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = openExclusively(path);
  return createRevisionStore(new SqliteTable(database, `${path}-wal`), {
    ...options,
    schedule: (task) => void setImmediate(task),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

/** Pages of 4 kB that the log holds before they are moved to the table: a page written often is moved once. */
const CHECKPOINT_PAGES = 4_000;

function openExclusively(path: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    // It holds Secrets. The log beside it takes the same mode when it is made.
    chmodSync(path, 0o600);
    // Exclusive before WAL: then no shared-memory file is made and the lock is kept between transactions.
    database.pragma("locking_mode = EXCLUSIVE");
    database.pragma("journal_mode = WAL");
    // The log is brought to the disk by SqliteTable, before anyone hears that a write is done.
    database.pragma("synchronous = NORMAL");
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec("BEGIN IMMEDIATE; COMMIT");
    return database;
  } catch (cause) {
    database?.close();
    throw new Error(sentenceFor(path, cause), { cause });
  }
}

function sentenceFor(path: string, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code.startsWith("SQLITE_BUSY")) {
    return `cannot open the store ${path}: another running process holds it; stop that process or use another root directory`;
  }
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) {
    return `cannot open the store ${path}: the file is not an intact Kaji database; restore it from a backup or move it away`;
  }
  return `cannot open the store ${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
