/**
 * What a backend keeps for the revision store: every version of every key, and leases. Synchronous on
 * purpose: a transaction is decided and applied in one step of the event loop, so that nothing interleaves.
 *
 * Invariants:
 * - Rows are appended in revision order and never changed; only `sweep` removes some.
 * - A row with version 0 is a tombstone: the key was deleted at that revision.
 * - When `transact` throws, nothing was applied. What it applied is durable when `persist`, called after it, is done.
 */
export interface RevisionTable {
  load(): TableState;
  transact(body: () => void): void;
  /** Waits for the disk, so that the process need not; undefined: nothing to wait for. Once it fails, `transact` does. */
  persist(): Promise<void> | undefined;
  /** The newest row of the key at or below the revision, tombstones included. */
  rowAt(key: string, revision: number): Row | undefined;
  /** Newest row at or below the revision of up to `limit` keys that start with the prefix, in byte order. */
  scan(range: ScanRange): readonly RowHead[];
  /** All rows of the revisions from..to (inclusive) below the prefix, in the order written. */
  rowsBetween(prefix: string, from: number, to: number): readonly Row[];
  append(row: Row): void;
  /** Keys whose newest row may carry this lease. */
  keysOfLease(lease: string): readonly string[];
  putLease(lease: LeaseRecord): void;
  deleteLease(id: string): void;
  /** Never lowers it. */
  setCompactRevision(revision: number): void;
  /**
   * Removes what the rows of revisions from..to made obsolete: the older rows of their keys, and tombstones
   * themselves. Caller must: sweep in ascending order without holes, never above the compact revision.
   */
  sweep(from: number, to: number): void;
  close(): void;
}

export interface Row {
  readonly key: string;
  readonly revision: number;
  /** Position among the rows of one revision. */
  readonly ordinal: number;
  readonly createRevision: number;
  readonly version: number;
  readonly lease: string | undefined;
  readonly value: Uint8Array;
}

export type RowHead = Pick<Row, "key" | "revision" | "version">;

export interface ScanRange {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly revision: number;
  readonly limit: number;
}

export interface LeaseRecord {
  readonly id: string;
  readonly ttlSeconds: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TableState {
  readonly revision: number;
  readonly compactRevision: number;
  /** Everything up to this revision has been swept. */
  readonly sweptRevision: number;
  readonly leases: readonly LeaseRecord[];
}

/** The revision of an empty store, as in etcd: 0 stays free for "does not exist". */
export const FIRST_REVISION = 1;

/** Writes of one transaction: they share a revision and must be applied in one step. */
export const MAX_OPERATIONS_PER_TXN = 1024;

/** Sorts after every key that starts with the prefix: U+10FFFF is a noncharacter and the highest in UTF-8. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
