import type { EtcdConnection } from "#control-plane/store/etcd/connection";
import { RETRY_BACKOFF } from "#control-plane/store/etcd/connection";
import { ALL_KEYS, type KeySpace } from "#control-plane/store/etcd/key-space";
import { RevisionGrouper } from "#control-plane/store/etcd/revision-grouper";
import type { WatchBatch, WatchOptions } from "#control-plane/store/store";
import { CompactedError, WatchOverflowError } from "#control-plane/store/store";
import { WATCH_BUFFER_BATCHES } from "#control-plane/store/watch-hub";
import { backoffDelayMs } from "#kit/backoff";
import { BoundedQueue } from "#kit/bounded-queue";
import { type Cancel, type Clock, sleep, systemClock } from "#kit/clock";
import type { Log } from "#kit/log";
import { systemRng } from "#kit/rng";
import { etcdMethods } from "#proto/etcd";
import type { WatchResponse } from "#proto/etcd";

export interface WatchContext {
  readonly connection: EtcdConnection;
  readonly keys: KeySpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly bufferBatches?: number | undefined;
  /** The newest revision that any answer of etcd named. */
  readonly seenRevision: () => number;
}

/**
 * One watch, whichever member serves it at the moment. It follows every key of etcd and passes on those of its
 * prefix: so each revision shows, the position is known without asking, and a revision that etcd leaves out is
 * noticed (docs/decisions/0009).
 *
 * Invariants:
 * - Revisions up to `position` have been delivered, each once and whole; a new stream begins there.
 * - A reader that lags more than the limit behind is cut off. What arrives in one response counts only when the
 *   reader has had its turn: etcd sends a thousand revisions at once to who catches up.
 */
export class EtcdWatch implements AsyncIterable<WatchBatch> {
  /** The batches of one response each. */
  private readonly deliveries: BoundedQueue<readonly WatchBatch[]>;
  private readonly context: WatchContext;
  private readonly options: WatchOptions;
  private readonly grouper: RevisionGrouper;
  private readonly ended = new AbortController();
  private readonly limit: number;
  private unread = 0;
  private isQuiet = true;
  private cancelProgress: Cancel = () => undefined;

  constructor(context: WatchContext, options: WatchOptions, fromRevision: number) {
    this.context = context;
    this.options = options;
    this.limit = context.bufferBatches ?? WATCH_BUFFER_BATCHES;
    this.deliveries = new BoundedQueue(this.limit);
    this.grouper = new RevisionGrouper(context.keys, options.prefix, fromRevision);
  }

  /** Runs until `end`; what stops it before reaches the reader of `deliveries`. */
  async run(): Promise<void> {
    this.armProgress();
    const { signal } = this.ended;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        if (error instanceof CompactedError) this.end(error);
        else if (!signal.aborted) this.context.log.debug("a watch of etcd broke", { error });
      }
      const delayMs = backoffDelayMs(RETRY_BACKOFF, failures, systemRng);
      await sleep(systemClock, delayMs, signal); // the network's time is real time
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchBatch, void, undefined> {
    for await (const delivery of this.deliveries) {
      for (const batch of delivery) {
        this.unread -= 1;
        yield batch;
      }
    }
  }

  end(failure?: Error): void {
    this.cancelProgress();
    this.deliveries.close(failure);
    this.ended.abort();
  }

  /** Rejects when the stream breaks or the watch is over; never resolves. */
  private async follow(onCreated: () => void): Promise<void> {
    const stream = await this.context.connection.open(etcdMethods.watch);
    const { signal } = this.ended;
    const cancel = (): void => stream.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      await new Promise<never>((_, reject) => {
        stream.on("error", reject);
        stream.on("end", () => reject(new Error("etcd ended the stream")));
        stream.on("data", (response: WatchResponse) => {
          try {
            if (response.created) onCreated();
            if (!signal.aborted) this.receive(response);
          } catch (error) {
            reject(error as Error);
          }
        });
        if (signal.aborted) cancel();
        const startRevision = this.grouper.restart();
        const createRequest = { ...ALL_KEYS, startRevision, prevKv: true, fragment: true };
        stream.write({ requestUnion: "createRequest", createRequest });
      });
    } finally {
      signal.removeEventListener("abort", cancel);
      stream.cancel();
    }
  }

  private receive(response: WatchResponse): void {
    if (response.canceled) {
      if (response.compactRevision) throw new CompactedError(response.compactRevision);
      throw new Error(`etcd cancelled the watch: ${response.cancelReason || "no reason given"}`);
    }
    for (const event of response.events ?? []) this.grouper.add(event);
    if (response.fragment || !response.events?.length) return;
    const batches = this.grouper.takeWhole();
    const changed = batches.filter(({ changes }) => changes.length > 0);
    const last = batches.at(-1);
    // A change elsewhere is progress here: whoever waits for its revision need not wait for the next notice.
    const isProgress = last?.changes.length === 0 && this.options.progressIntervalMs !== undefined;
    const delivery = isProgress && last ? [...changed, last] : changed;
    if (delivery.length > 0) this.deliver(delivery);
  }

  private deliver(delivery: readonly WatchBatch[]): void {
    this.isQuiet = false;
    this.unread += delivery.length;
    if (!this.deliveries.push(delivery)) return this.cutOff();
    setImmediate(() => {
      if (this.unread > this.limit) this.cutOff();
    });
  }

  private cutOff(): void {
    this.end(
      new WatchOverflowError(
        `the watch of "${this.options.prefix}" lagged more than ${this.limit} batches behind and was cut off`,
      ),
    );
  }

  private armProgress(): void {
    const { progressIntervalMs } = this.options;
    if (progressIntervalMs === undefined) return;
    const tick = (): void => {
      const revision = this.grouper.position;
      const isReached = revision <= this.context.seenRevision();
      if (this.isQuiet && isReached && this.unread === 0) {
        this.deliver([{ revision, changes: [] }]);
      }
      this.isQuiet = true;
      this.cancelProgress = this.context.clock.after(progressIntervalMs, tick);
    };
    this.cancelProgress = this.context.clock.after(progressIntervalMs, tick);
  }
}
