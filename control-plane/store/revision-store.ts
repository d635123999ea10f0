import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { WriteJob } from "#control-plane/store/commit-queue";
import { CommitQueue, ROW_BYTES } from "#control-plane/store/commit-queue";
import { LeaseBook } from "#control-plane/store/leases";
import type { RevisionTable } from "#control-plane/store/revision-table";
import type {
  GetResult,
  KeyValue,
  ListRange,
  ListResult,
  Store,
  Transaction,
  TxnResult,
  WatchBatch,
  WatchOptions,
} from "#control-plane/store/store";
import { CompactedError, FutureRevisionError } from "#control-plane/store/store";
import { changeOf, checkTransaction, keyValueOf, sizeOf } from "#control-plane/store/transaction";
import { WatchHub } from "#control-plane/store/watch-hub";

/** Work between two pauses, so that a long read or compaction does not hold up the event loop. */
const SCAN_KEYS = 500;
const REPLAY_REVISIONS = 256;
const SWEEP_REVISIONS = 128;
const REVOKE_KEYS = 128;
/** A list of the newest state starts again when compaction overtakes it. */
const LIST_ATTEMPTS = 5;

export interface RevisionStoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly watchBufferBatches?: number;
  readonly schedule: (task: () => void) => void;
  /** Lets the rest of the process run. */
  readonly pause: () => Promise<void>;
}

/**
 * etcd's semantics over a RevisionTable; the same for every embedded backend. Owns nothing but the pieces:
 * CommitQueue (order and durability of writes), WatchHub (live watchers), LeaseBook, compaction progress.
 *
 * Invariants:
 * - Reads see durable revisions only: what is applied and still on its way to the disk has newer ones.
 * - sweptRevision <= compactRevision <= revision.
 */
export function createRevisionStore(table: RevisionTable, options: RevisionStoreOptions): Store {
  return new RevisionStore(table, options);
}

class RevisionStore implements Store {
  private readonly table: RevisionTable;
  private readonly options: RevisionStoreOptions;
  private readonly queue: CommitQueue;
  private readonly hub: WatchHub;
  private readonly leases: LeaseBook;
  private compactRevision: number;
  private sweptRevision: number;
  private closing: Promise<void> | undefined;

  constructor(table: RevisionTable, options: RevisionStoreOptions) {
    const state = table.load();
    this.table = table;
    this.options = options;
    this.compactRevision = state.compactRevision;
    this.sweptRevision = state.sweptRevision;
    this.hub = new WatchHub(options.clock, options.watchBufferBatches);
    this.queue = new CommitQueue({
      table,
      revision: state.revision,
      schedule: options.schedule,
      onCommit: (batches) => {
        for (const batch of batches) this.hub.publish(batch);
      },
    });
    this.leases = new LeaseBook(options.clock, state.leases, (id) =>
      this.inBackground("expire a lease", this.deleteKeysOf(id)),
    );
    // A compaction that a crash interrupted goes on.
    this.inBackground("compact", this.sweepAll());
  }

  async get(key: string, { revision }: { revision?: number } = {}): Promise<GetResult> {
    const at = revision ?? this.queue.revision;
    this.checkReadable(at);
    return { revision: at, keyValue: keyValueOf(this.table.rowAt(key, at)) };
  }

  async list(range: ListRange): Promise<ListResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.listAt(range, range.revision ?? this.queue.revision);
      } catch (error) {
        const isOvertaken = error instanceof CompactedError && range.revision === undefined;
        if (!isOvertaken || attempt === LIST_ATTEMPTS) throw error;
      }
    }
  }

  private async listAt(range: ListRange, at: number): Promise<ListResult> {
    const { prefix, after, limit = 0, isCounted = true } = range;
    const keyValues: KeyValue[] = [];
    let remaining = 0;
    for (let cursor = after; ; ) {
      this.checkReadable(at);
      const heads = this.table.scan({ prefix, after: cursor, revision: at, limit: SCAN_KEYS });
      for (const { key, version } of heads) {
        if (version === 0) continue;
        const isWanted = limit === 0 || keyValues.length < limit;
        const keyValue = isWanted ? keyValueOf(this.table.rowAt(key, at)) : undefined;
        if (keyValue) keyValues.push(keyValue);
        else remaining += 1;
      }
      if (heads.length < SCAN_KEYS || (remaining > 0 && !isCounted)) break;
      cursor = heads.at(-1)?.key;
      await this.options.pause();
    }
    return { revision: at, keyValues, hasMore: remaining > 0, remaining };
  }

  txn(transaction: Transaction): Promise<TxnResult> {
    return this.write({
      bytes: sizeOf(transaction, ROW_BYTES),
      check: () => checkTransaction(transaction, this.leases.has),
      apply: (draft) => draft.apply(transaction),
    });
  }

  watch(options: WatchOptions): AsyncIterable<WatchBatch> {
    // "From now on" means the call, not the first read.
    return this.batchesFrom(options.fromRevision || this.queue.revision + 1, options);
  }

  private async *batchesFrom(
    fromRevision: number,
    { prefix, signal, progressIntervalMs }: WatchOptions,
  ): AsyncGenerator<WatchBatch, void, undefined> {
    let next = fromRevision;
    for (;;) {
      if (signal.aborted) return;
      this.checkOpen();
      if (next <= this.compactRevision) throw new CompactedError(this.compactRevision);
      if (next > this.queue.revision) break;
      const to = Math.min(next + REPLAY_REVISIONS - 1, this.queue.revision);
      for (const batch of this.replay(prefix, next, to)) {
        if (signal.aborted) return;
        yield batch;
      }
      next = to + 1;
      await this.options.pause();
    }
    // Nothing may come between the check above and joining: history ends here and live begins.
    const watcher = this.hub.join(
      { prefix, fromRevision: next, progressIntervalMs },
      () => this.queue.revision,
    );
    signal.addEventListener("abort", watcher.leave, { once: true });
    try {
      for await (const batch of watcher.batches) {
        if (signal.aborted) return;
        yield batch;
      }
    } finally {
      signal.removeEventListener("abort", watcher.leave);
      watcher.leave();
    }
  }

  private replay(prefix: string, from: number, to: number): WatchBatch[] {
    const batches: { revision: number; changes: ReturnType<typeof changeOf>[] }[] = [];
    for (const row of this.table.rowsBetween(prefix, from, to)) {
      const previous = keyValueOf(this.table.rowAt(row.key, row.revision - 1));
      const last = batches.at(-1);
      if (last?.revision === row.revision) last.changes.push(changeOf(row, previous));
      else batches.push({ revision: row.revision, changes: [changeOf(row, previous)] });
    }
    return batches;
  }

  async compact(revision: number): Promise<void> {
    if (revision > this.queue.revision) throw this.futureRevision(revision);
    if (revision <= this.compactRevision) return;
    await this.write({
      bytes: 0,
      apply: () => this.table.setCompactRevision(revision),
      committed: () => {
        this.compactRevision = Math.max(this.compactRevision, revision);
      },
    });
    await this.sweepAll();
  }

  /** A bounded step at a time, among the other writes. Several at once share the work. */
  private async sweepAll(): Promise<void> {
    while (!this.closing && this.sweptRevision < this.compactRevision) {
      await this.write({
        bytes: SWEEP_REVISIONS * ROW_BYTES,
        apply: () => {
          const to = Math.min(this.sweptRevision + SWEEP_REVISIONS, this.compactRevision);
          if (to > this.sweptRevision) this.table.sweep(this.sweptRevision + 1, to);
          return to;
        },
        committed: (to) => {
          this.sweptRevision = Math.max(this.sweptRevision, to);
        },
      });
      await this.options.pause();
    }
  }

  async currentRevision(): Promise<number> {
    this.checkOpen();
    return this.queue.revision;
  }

  async grantLease(ttlSeconds: number): Promise<string> {
    const record = this.leases.draft(ttlSeconds, this.queue.revision);
    await this.write({
      bytes: 0,
      apply: () => this.table.putLease(record),
      committed: () => this.leases.set(record),
    });
    return record.id;
  }

  async keepLeaseAlive(lease: string): Promise<void> {
    const record = this.leases.renewed(lease);
    await this.write({
      bytes: 0,
      check: () => void this.leases.renewed(lease),
      apply: () => this.table.putLease(record),
      committed: () => this.leases.setRenewed(record),
    });
  }

  async revokeLease(lease: string): Promise<void> {
    if (!this.leases.has(lease)) throw new Error(`requested lease not found: ${lease}`);
    this.leases.remove(lease);
    await this.deleteKeysOf(lease);
  }

  /** Caller must: have taken the lease out of the book, so that no key joins it meanwhile. */
  private async deleteKeysOf(lease: string): Promise<void> {
    let isDone = false;
    while (!isDone && !this.closing) {
      isDone = await this.write({
        bytes: REVOKE_KEYS * ROW_BYTES,
        apply: (draft) => {
          const keys = this.table
            .keysOfLease(lease)
            .filter((key) => this.table.rowAt(key, draft.revision)?.lease === lease);
          const some = keys.slice(0, REVOKE_KEYS);
          draft.apply({ compare: [], then: some.map((key) => ({ type: "delete", key })) });
          if (some.length === keys.length) this.table.deleteLease(lease);
          return some.length === keys.length;
        },
      });
    }
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    await this.queue.drain();
    this.leases.stop();
    this.hub.closeAll(new Error("the store is closed"));
    this.table.close();
  }

  private async write<R>(job: WriteJob<R>): Promise<R> {
    this.checkOpen();
    return this.queue.submit(job);
  }

  private checkOpen(): void {
    if (this.closing) throw new Error("the store is closed");
  }

  private checkReadable(revision: number): void {
    this.checkOpen();
    if (revision < this.compactRevision) throw new CompactedError(this.compactRevision);
    if (revision > this.queue.revision) throw this.futureRevision(revision);
  }

  private futureRevision(revision: number): FutureRevisionError {
    return new FutureRevisionError(
      `revision ${revision} is in the future; the newest is ${this.queue.revision}`,
    );
  }

  private inBackground(task: string, promise: Promise<void>): void {
    promise.catch((error: unknown) => {
      if (!this.closing) this.options.log.error(`the store could not ${task}`, { error });
    });
  }
}
