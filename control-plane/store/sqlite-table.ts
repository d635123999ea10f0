import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs";
import { promisify } from "node:util";
import type {
  LeaseRecord,
  RevisionTable,
  Row,
  RowHead,
  ScanRange,
  TableState,
} from "#control-plane/store/revision-table";
import {
  endOfPrefix,
  FIRST_REVISION,
  MAX_OPERATIONS_PER_TXN,
} from "#control-plane/store/revision-table";
import type Database from "libsql";

/**
 * The rows in one table, `history`. A row's id is revision * MAX_OPERATIONS_PER_TXN + ordinal, so that the
 * primary key alone gives the order of writes and reads by revision; the one index covers reads by key.
 *
 * Invariants:
 * - The newest revision is the highest id or, when compaction removed that row, the compact revision:
 *   a revision is never used twice.
 * - COMMIT (synchronous NORMAL) writes the log and does not wait for the disk; `persist` does, by a descriptor of
 *   its own, in another thread. SQLite itself waits where it moves the log into the table, or begins it anew.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS history (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, create_revision INTEGER NOT NULL,
  version INTEGER NOT NULL, lease TEXT, value BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS history_by_key ON history (key, id, version);
CREATE INDEX IF NOT EXISTS history_by_lease ON history (lease) WHERE lease IS NOT NULL;
CREATE TABLE IF NOT EXISTS leases (id TEXT PRIMARY KEY, ttl_seconds INTEGER NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
`;

const untilOnDisk = promisify(fdatasync);

const COLUMNS = "id, key, create_revision, version, lease, value";

type Columns = [number, string, number, number, string | null, Uint8Array];

export class SqliteTable implements RevisionTable {
  private readonly database: Database.Database;
  private readonly statements: ReturnType<typeof prepareStatements>;
  private readonly logDescriptor: number;
  /** The kernel may have dropped pages that it failed to write: only a restart reads what is really there. */
  private diskFailure: unknown;

  constructor(database: Database.Database, logPath: string) {
    this.database = database;
    database.exec(SCHEMA);
    this.statements = prepareStatements(database);
    this.logDescriptor = openSync(logPath, "r+");
    // A process that was killed may have left writes that nobody has waited for: they are shown from now on.
    fdatasyncSync(this.logDescriptor);
  }

  load(): TableState {
    const [newestId] = this.statements.newestId.get() as [number | null];
    const compactRevision = this.state("compact_revision");
    const leases = this.statements.leases.all() as [string, number, number][];
    return {
      revision: Math.max(FIRST_REVISION, revisionOf(newestId ?? 0), compactRevision),
      compactRevision,
      sweptRevision: this.state("swept_revision"),
      leases: leases.map(([id, ttlSeconds, expiresAt]) => ({ id, ttlSeconds, expiresAt })),
    };
  }

  transact(body: () => void): void {
    if (this.diskFailure) throw this.diskFailure;
    this.statements.begin.run();
    try {
      body();
      this.statements.commit.run();
    } catch (error) {
      // After a failed COMMIT SQLite may have rolled back by itself.
      if (this.database.inTransaction) this.statements.rollback.run();
      const isDiskFailure =
        error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_IOERR");
      if (isDiskFailure) this.diskFailure = error;
      throw error;
    }
  }

  async persist(): Promise<void> {
    try {
      await untilOnDisk(this.logDescriptor);
    } catch (error) {
      this.diskFailure = error;
      throw error;
    }
  }

  rowAt(key: string, revision: number): Row | undefined {
    const columns = this.statements.rowAt.get(key, lastIdOf(revision));
    return columns === undefined ? undefined : toRow(columns as Columns);
  }

  scan({ prefix, after, revision, limit }: ScanRange): readonly RowHead[] {
    const isAfter = after !== undefined && after >= prefix;
    const statement = isAfter ? this.statements.scanAfter : this.statements.scanFrom;
    const start = isAfter ? after : prefix;
    const found = statement.all(start, endOfPrefix(prefix), lastIdOf(revision), limit);
    return (found as [string, number, number][]).map(([key, id, version]) => ({
      key,
      revision: revisionOf(id),
      version,
    }));
  }

  rowsBetween(prefix: string, from: number, to: number): readonly Row[] {
    const found = this.statements.rowsBetween.all(
      firstIdOf(from),
      lastIdOf(to),
      prefix,
      endOfPrefix(prefix),
    );
    return (found as Columns[]).map(toRow);
  }

  append(row: Row): void {
    this.statements.append.run(
      firstIdOf(row.revision) + row.ordinal,
      row.key,
      row.createRevision,
      row.version,
      row.lease ?? null,
      row.value,
    );
  }

  keysOfLease(lease: string): readonly string[] {
    return (this.statements.keysOfLease.all(lease) as [string][]).map(([key]) => key);
  }

  putLease({ id, ttlSeconds, expiresAt }: LeaseRecord): void {
    this.statements.putLease.run(id, ttlSeconds, expiresAt);
  }

  deleteLease(id: string): void {
    this.statements.deleteLease.run(id);
  }

  setCompactRevision(revision: number): void {
    this.statements.raiseState.run("compact_revision", revision);
  }

  sweep(from: number, to: number): void {
    const rows = this.statements.heads.all(firstIdOf(from), lastIdOf(to));
    for (const [id, key, version] of rows as [number, string, number][]) {
      this.statements.removeOlder.run(key, id);
      if (version === 0) this.statements.remove.run(id);
    }
    this.statements.raiseState.run("swept_revision", to);
  }

  /** Leaves one whole file. The lock goes here: close alone keeps it until the statements are collected. */
  close(): void {
    this.database.pragma("journal_mode = DELETE");
    this.database.pragma("locking_mode = NORMAL");
    this.database.prepare("SELECT count(*) FROM state").get();
    this.database.close();
    closeSync(this.logDescriptor);
  }

  private state(name: string): number {
    const found = this.statements.getState.get(name) as [number] | undefined;
    return found?.[0] ?? 0;
  }
}

function prepareStatements(database: Database.Database) {
  const read = (sql: string) => database.prepare(sql).raw();
  const write = (sql: string) => database.prepare(sql);
  // max(id) makes SQLite take `version` from that same row (documented: bare columns in an aggregate).
  const scan = (start: string) =>
    read(`SELECT key, max(id), version FROM history WHERE key ${start} ? AND key < ? AND id <= ?
      GROUP BY key LIMIT ?`);
  return {
    begin: write("BEGIN IMMEDIATE"),
    commit: write("COMMIT"),
    rollback: write("ROLLBACK"),
    newestId: read("SELECT max(id) FROM history"),
    leases: read("SELECT id, ttl_seconds, expires_at FROM leases"),
    rowAt: read(
      `SELECT ${COLUMNS} FROM history WHERE key = ? AND id <= ? ORDER BY id DESC LIMIT 1`,
    ),
    scanFrom: scan(">="),
    scanAfter: scan(">"),
    rowsBetween: read(
      `SELECT ${COLUMNS} FROM history WHERE id >= ? AND id <= ? AND +key >= ? AND +key < ? ORDER BY id`,
    ),
    append: write(`INSERT INTO history (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`),
    keysOfLease: read("SELECT DISTINCT key FROM history WHERE lease = ?"),
    putLease: write("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)"),
    deleteLease: write("DELETE FROM leases WHERE id = ?"),
    heads: read("SELECT id, key, version FROM history WHERE id >= ? AND id <= ? ORDER BY id"),
    removeOlder: write("DELETE FROM history WHERE key = ? AND id < ?"),
    remove: write("DELETE FROM history WHERE id = ?"),
    getState: read("SELECT value FROM state WHERE name = ?"),
    // Both states only grow, whatever order they are asked for in.
    raiseState: write(
      "INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
    ),
  };
}

function firstIdOf(revision: number): number {
  return revision * MAX_OPERATIONS_PER_TXN;
}

function lastIdOf(revision: number): number {
  return firstIdOf(revision) + MAX_OPERATIONS_PER_TXN - 1;
}

function revisionOf(id: number): number {
  return Math.floor(id / MAX_OPERATIONS_PER_TXN);
}

function toRow([id, key, createRevision, version, lease, value]: Columns): Row {
  const ordinal = id % MAX_OPERATIONS_PER_TXN;
  const revision = revisionOf(id);
  return { key, revision, ordinal, createRevision, version, lease: lease ?? undefined, value };
}
