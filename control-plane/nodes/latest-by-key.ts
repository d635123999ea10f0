import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import type { Cancel, Clock } from "#kit/clock";
import type { Log } from "#kit/log";

const retry: BackoffPolicy = { initialMs: 100, factor: 2, maxMs: 10_000, jitter: 0 };

export interface LatestByKeyOptions<V> {
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency: number;
  /** Throws when it should be tried again later. `failures`: how often in a row it has thrown for this key. */
  write(key: string, value: V, failures: number): Promise<void>;
  /** What is left to do when a newer value comes before the older one was written. */
  merge(older: V, newer: V): V;
}

/**
 * Writes the newest value per key: never two writes of one key at a time, never more than `concurrency`
 * altogether. Bounded by the number of keys, which are pods of connected nodes. A failed write is tried again,
 * with backoff, until it succeeds or is superseded.
 */
export class LatestByKey<V> {
  private readonly waiting = new Map<string, V>();
  private readonly writing = new Set<string>();
  private readonly retries = new Map<string, { attempt: number; cancel?: Cancel }>();
  private readonly options: LatestByKeyOptions<V>;
  private isClosed = false;

  constructor(options: LatestByKeyOptions<V>) {
    this.options = options;
  }

  set(key: string, value: V): void {
    if (this.isClosed) return;
    const older = this.waiting.get(key);
    this.waiting.set(key, older === undefined ? value : this.options.merge(older, value));
    this.start();
  }

  close(): void {
    this.isClosed = true;
    this.waiting.clear();
    for (const { cancel } of this.retries.values()) cancel?.();
  }

  private start(): void {
    for (const [key, value] of this.waiting) {
      if (this.writing.size >= this.options.concurrency) return;
      if (this.writing.has(key) || this.retries.get(key)?.cancel) continue;
      this.waiting.delete(key);
      this.writing.add(key);
      void this.writeOne(key, value);
    }
  }

  /** Never rejects. */
  private async writeOne(key: string, value: V): Promise<void> {
    try {
      await this.options.write(key, value, this.retries.get(key)?.attempt ?? 0);
      this.retries.delete(key);
    } catch (error) {
      this.retryLater(key, value, error);
    }
    this.writing.delete(key);
    if (!this.isClosed) this.start();
  }

  private retryLater(key: string, value: V, error: unknown): void {
    if (this.isClosed) return;
    const attempt = this.retries.get(key)?.attempt ?? 0;
    const delayMs = backoffDelayMs(retry, attempt);
    this.options.log.warn("a report was not stored", { key, retryInMs: delayMs, error });
    const newer = this.waiting.get(key);
    this.waiting.set(key, newer === undefined ? value : this.options.merge(value, newer));
    const cancel = this.options.clock.after(delayMs, () => {
      this.retries.set(key, { attempt: attempt + 1 });
      this.start();
    });
    this.retries.set(key, { attempt: attempt + 1, cancel });
  }
}
