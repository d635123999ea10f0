import { Draft } from "#control-plane/store/transaction";
import type { RevisionTable } from "#control-plane/store/revision-table";
import type { WatchBatch } from "#control-plane/store/store";

/** Writes of one commit: enough to share the cost of its fsync, few enough not to hold up the event loop. */
const BATCH_JOBS = 128;
const BATCH_BYTES = 1024 * 1024;
/** Turns of the event loop that a batch which still grows is waited for: one fsync costs as much as many turns. */
const GROWING_TURNS = 8;
/** What writing one row costs beside its bytes, expressed in bytes: a batch has at most some 500 rows. */
export const ROW_BYTES = 2048;
/** Writes that wait; at the limit a write is refused at once. */
const MAX_WAITING_JOBS = 50_000;

export interface WriteJob<R> {
  /** What it weighs in a batch: see ROW_BYTES. */
  readonly bytes: number;
  /** Throws to refuse this job alone. Must not write. */
  check?(): void;
  /** A failure here undoes the whole batch. */
  apply(draft: Draft): R;
  /** Runs once the result is durable, before anyone hears of it. */
  committed?(result: R): void;
}

export interface CommitQueueOptions {
  readonly table: RevisionTable;
  readonly revision: number;
  /** Runs the task later in this or the next turn of the event loop. */
  readonly schedule: (task: () => void) => void;
  onCommit(batches: readonly WatchBatch[]): void;
}

interface Waiting {
  readonly job: WriteJob<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Settled = { readonly waiting: Waiting } & (
  | { readonly result: unknown }
  | { readonly refusal: unknown }
);

/**
 * Group commit: owns the order of writes and the newest durable revision.
 *
 * Invariants:
 * - Jobs run in the order submitted, a batch at a time, each batch in one durable transaction. The process goes on
 *   while the disk is waited for, and what is submitted meanwhile is the next batch.
 * - The revision moves, watchers hear and promises resolve only after the batch is durable, in that order.
 */
export class CommitQueue {
  revision: number;
  private readonly options: CommitQueueOptions;
  private waiting: Waiting[] = [];
  private head = 0;
  private isScheduled = false;
  private wakeDrained: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.options = options;
    this.revision = options.revision;
  }

  submit<R>(job: WriteJob<R>): Promise<R> {
    if (this.waiting.length - this.head >= MAX_WAITING_JOBS) {
      return Promise.reject(new Error(`too many writes are waiting: ${MAX_WAITING_JOBS}`));
    }
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({
        job: job as WriteJob<unknown>,
        resolve: resolve as (result: unknown) => void,
        reject,
      });
      this.scheduleFlush();
    });
  }

  /** Resolves when no write waits. */
  drain(): Promise<void> {
    if (!this.isScheduled) return Promise.resolve();
    return new Promise((resolve) => this.wakeDrained.push(resolve));
  }

  private scheduleFlush(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.flushSettled(this.waiting.length - this.head, GROWING_TURNS);
  }

  /** Flushes in the first turn in which nobody else has submitted: a lone writer waits for no one. */
  private flushSettled(seen: number, turnsLeft: number): void {
    this.options.schedule(() => {
      const waiting = this.waiting.length - this.head;
      if (waiting === seen || waiting >= BATCH_JOBS || turnsLeft === 0) return this.flush();
      this.flushSettled(waiting, turnsLeft - 1);
    });
  }

  private flush(): void {
    const batch = this.takeBatch();
    const draft = new Draft(this.options.table, this.revision);
    let settled: Settled[] = [];
    try {
      this.options.table.transact(() => {
        settled = batch.map((waiting) => run(waiting, draft));
      });
    } catch (cause) {
      return this.fail(batch, cause);
    }
    const persisted = this.options.table.persist();
    if (!persisted) return this.acknowledge(draft, settled);
    persisted.then(
      () => this.acknowledge(draft, settled),
      (cause: unknown) => this.fail(batch, cause),
    );
  }

  private acknowledge(draft: Draft, settled: readonly Settled[]): void {
    this.revision = draft.revision;
    for (const one of settled) if ("result" in one) one.waiting.job.committed?.(one.result);
    this.options.onCommit(draft.batches);
    for (const one of settled) {
      if ("result" in one) one.waiting.resolve(one.result);
      else one.waiting.reject(one.refusal);
    }
    this.scheduleNext();
  }

  private fail(batch: readonly Waiting[], cause: unknown): void {
    const error = new Error("the store could not commit a write", { cause });
    for (const { reject } of batch) reject(error);
    this.scheduleNext();
  }

  private scheduleNext(): void {
    this.isScheduled = false;
    if (this.head < this.waiting.length) return this.scheduleFlush();
    for (const wake of this.wakeDrained.splice(0)) wake();
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let end = this.head;
    while (end < this.waiting.length && end - this.head < BATCH_JOBS && bytes < BATCH_BYTES) {
      bytes += this.waiting[end]?.job.bytes ?? 0;
      end += 1;
    }
    const batch = this.waiting.slice(this.head, end);
    this.head = end;
    if (this.head === this.waiting.length || this.head > MAX_WAITING_JOBS) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return batch;
  }
}

function run(waiting: Waiting, draft: Draft): Settled {
  try {
    waiting.job.check?.();
  } catch (refusal) {
    return { waiting, refusal };
  }
  return { waiting, result: waiting.job.apply(draft) };
}
