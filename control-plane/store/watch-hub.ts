import { BoundedQueue } from "#kit/bounded-queue";
import type { Clock } from "#kit/clock";
import type { WatchBatch } from "#control-plane/store/store";
import { WatchOverflowError } from "#control-plane/store/store";

/** Batches a watcher may lag behind. They share their bytes with the other watchers'. */
export const WATCH_BUFFER_BATCHES = 4096;

export interface JoinOptions {
  readonly prefix: string;
  /** Earlier batches are not for this watcher. */
  readonly fromRevision: number;
  readonly progressIntervalMs: number | undefined;
}

export interface Watcher {
  readonly batches: BoundedQueue<WatchBatch>;
  readonly leave: () => void;
}

interface Member extends JoinOptions {
  readonly batches: BoundedQueue<WatchBatch>;
  isQuiet: boolean;
}

/**
 * Hands committed batches to whoever watches. A watcher whose buffer is full is cut off with
 * WatchOverflowError: no writer ever waits for a reader.
 *
 * Invariant: a watcher that joined at revision r gets every batch after r that touches its prefix, in order.
 */
export class WatchHub {
  private readonly members = new Set<Member>();
  private readonly clock: Clock;
  private readonly bufferBatches: number;

  constructor(clock: Clock, bufferBatches: number = WATCH_BUFFER_BATCHES) {
    this.clock = clock;
    this.bufferBatches = bufferBatches;
  }

  publish(batch: WatchBatch): void {
    for (const member of this.members) {
      if (batch.revision < member.fromRevision) continue;
      const changes = batch.changes.filter(({ keyValue }) =>
        keyValue.key.startsWith(member.prefix),
      );
      if (changes.length > 0) this.send(member, { revision: batch.revision, changes });
      else this.sendProgress(member, batch.revision);
    }
  }

  join(options: JoinOptions, currentRevision: () => number): Watcher {
    const member: Member = {
      ...options,
      batches: new BoundedQueue<WatchBatch>(this.bufferBatches),
      isQuiet: true,
    };
    this.members.add(member);
    const stopProgress = this.startProgress(member, currentRevision);
    const leave = (): void => {
      stopProgress();
      this.members.delete(member);
      member.batches.close();
    };
    return { batches: member.batches, leave };
  }

  closeAll(reason: Error): void {
    for (const member of this.members) member.batches.close(reason);
    this.members.clear();
  }

  private send(member: Member, batch: WatchBatch): void {
    member.isQuiet = false;
    if (member.batches.push(batch)) return;
    this.members.delete(member);
    member.batches.close(
      new WatchOverflowError(
        `the watch of "${member.prefix}" lagged more than ${this.bufferBatches} batches behind and was cut off`,
      ),
    );
  }

  /** Who asked for progress hears at once how far the store is: consistent reads wait for it. */
  private sendProgress(member: Member, revision: number): void {
    const isWanted = member.progressIntervalMs !== undefined;
    const hasRoom = member.batches.size < this.bufferBatches;
    if (isWanted && hasRoom) member.batches.push({ revision, changes: [] });
  }

  /** Invariant: everything up to the revision of a progress notice is already in the buffer before it. */
  private startProgress(member: Member, currentRevision: () => number): () => void {
    const interval = member.progressIntervalMs;
    if (interval === undefined) return () => undefined;
    const tick = (): void => {
      const revision = currentRevision();
      const isDue = member.isQuiet && revision >= member.fromRevision - 1;
      if (isDue && member.batches.size === 0) member.batches.push({ revision, changes: [] });
      member.isQuiet = true;
      if (this.members.has(member)) cancel = this.clock.after(interval, tick);
    };
    let cancel = this.clock.after(interval, tick);
    return () => cancel();
  }
}
