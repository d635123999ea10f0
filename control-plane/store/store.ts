/**
 * The store seam: etcd v3's semantics and no more. Only the API server calls it. Backends: sqlite.ts
 * (embedded), memory.ts (tests), etcd.ts; all pass test/contract/store.contract.ts.
 *
 * Invariants:
 * - The revision is one counter for the whole store; each successful write transaction adds exactly one.
 * - A transaction is atomic; all its writes carry the same revision.
 * - A resolved write is durable: it survives kill -9 and power loss (except in memory.ts).
 * - A watcher sees every change after `fromRevision` of what it watches, in revision order, or gets
 *   CompactedError. Changes of one revision arrive in one batch.
 */
export interface Store {
  get(key: string, options?: { revision?: number }): Promise<GetResult>;
  /** Keys in byte order that start with the prefix, at one revision. */
  list(range: ListRange): Promise<ListResult>;
  /** If every compare holds, applies `then`, else `otherwise`; answers which one ran. */
  txn(transaction: Transaction): Promise<TxnResult>;
  /** Runs until the signal aborts (ends quietly), throws CompactedError, or WatchOverflowError. */
  watch(options: WatchOptions): AsyncIterable<WatchBatch>;
  /** Forgets history before the revision; a later read or watch below it gets CompactedError. */
  compact(revision: number): Promise<void>;
  /** The newest revision that is durable. */
  currentRevision(): Promise<number>;
  /** Keys put with this lease vanish (as a delete that watchers see) when it expires or is revoked. */
  grantLease(ttlSeconds: number): Promise<string>;
  keepLeaseAlive(lease: string): Promise<void>;
  revokeLease(lease: string): Promise<void>;
  /** Waits for writes under way, then releases everything. */
  close(): Promise<void>;
}

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly createRevision: number;
  readonly modRevision: number;
  /** 1 for a new key; +1 per put since it was created. */
  readonly version: number;
  readonly lease?: string;
}

export interface GetResult {
  readonly revision: number;
  readonly keyValue: KeyValue | undefined;
}

export interface ListRange {
  readonly prefix: string;
  /** Start strictly after this key (the next page). */
  readonly after?: string;
  readonly limit?: number;
  readonly revision?: number;
  /** false: `remaining` need only say whether there are more; counting them costs a walk over all. */
  readonly isCounted?: boolean;
}

export interface ListResult {
  /** The revision that the list shows. */
  readonly revision: number;
  readonly keyValues: readonly KeyValue[];
  readonly hasMore: boolean;
  /** How many keys come after the last one given; with isCounted false: 0, or some number above it. */
  readonly remaining: number;
}

export type Compare =
  /** modRevision 0 means: the key does not exist. */
  | { readonly key: string; readonly modRevision: number }
  | { readonly key: string; readonly exists: boolean };

export type Operation =
  | {
      readonly type: "put";
      readonly key: string;
      readonly value: Uint8Array;
      readonly lease?: string;
    }
  | { readonly type: "delete"; readonly key: string }
  | { readonly type: "get"; readonly key: string };

export interface Transaction {
  readonly compare: readonly Compare[];
  readonly then: readonly Operation[];
  readonly otherwise?: readonly Operation[];
}

export interface TxnResult {
  readonly succeeded: boolean;
  /** The revision after the transaction. */
  readonly revision: number;
  /** One per operation that ran: the value read, deleted or put. */
  readonly results: readonly (KeyValue | undefined)[];
}

export interface WatchOptions {
  readonly prefix: string;
  /** The first revision wanted: revision of a list + 1. 0 or undefined: from now on. */
  readonly fromRevision?: number;
  readonly signal: AbortSignal;
  /** Sends empty batches (progress) at least this often when nothing happens; undefined: never. */
  readonly progressIntervalMs?: number;
}

export interface WatchBatch {
  readonly revision: number;
  /** Empty for a progress notice: everything up to `revision` has been seen. */
  readonly changes: readonly Change[];
}

export interface Change {
  readonly type: "put" | "delete";
  /** For a delete: key and modRevision (the revision of the delete); value is empty. */
  readonly keyValue: KeyValue;
  readonly previous: KeyValue | undefined;
}

/** The revision asked for is compacted: list again. */
export class CompactedError extends Error {
  override name = "CompactedError";
  readonly compactRevision: number;
  constructor(compactRevision: number) {
    super(`the revision asked for has been compacted; the oldest one kept is ${compactRevision}`);
    this.compactRevision = compactRevision;
  }
}

/** The revision asked for is in the future. */
export class FutureRevisionError extends Error {
  override name = "FutureRevisionError";
}

/** The watcher did not keep up and was cut off. */
export class WatchOverflowError extends Error {
  override name = "WatchOverflowError";
}
