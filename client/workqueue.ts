import type { BackoffPolicy } from "#kit/backoff";
import { backoffDelayMs } from "#kit/backoff";
import type { Cancel, Clock } from "#kit/clock";

/**
 * Keys that wait to be reconciled. Source of the rules: client-go's util/workqueue.
 *
 * Invariants:
 * - A key is queued at most once, however often it was added; so the queue is bounded by the number of objects.
 * - A key is never handed out again before `done`; if it was added meanwhile, it is queued then.
 * - Keys are handed out in the order added.
 */
export interface Workqueue {
  readonly length: number;
  add(key: string): void;
  /** Adds after the delay; of several delays for one key the shortest counts. */
  addAfter(key: string, delayMs: number): void;
  /** Adds after the key's own backoff, which grows with each call until `forget`. */
  addRateLimited(key: string): void;
  forget(key: string): void;
  /** How many times the key was rate limited since it was last forgotten. */
  requeues(key: string): number;
  /** Waits for a key; undefined when the queue is shut down and empty. Caller must: call `done` afterwards. */
  get(): Promise<string | undefined>;
  done(key: string): void;
  /** Takes no more keys; what is queued is still handed out, what is delayed is dropped. */
  shutDown(): void;
}

export const WORKQUEUE_BACKOFF: BackoffPolicy = {
  initialMs: 5,
  factor: 2,
  maxMs: 1_000_000,
  jitter: 0,
};

export interface WorkqueueOptions {
  readonly clock: Clock;
  readonly backoff?: BackoffPolicy;
  /** Called whenever a key is added, also one that waits already, and after its delay where it has one. */
  onAdd?(key: string): void;
}

export function createWorkqueue(options: WorkqueueOptions): Workqueue {
  return new KeyQueue(options);
}

class KeyQueue implements Workqueue {
  /** The order of the queue, from `head` on. Not a Set's own: finding its first key passes over all that are gone. */
  private order: string[] = [];
  private head = 0;
  private readonly queued = new Set<string>();
  private taken = 0;
  private readonly processing = new Set<string>();
  /** Added while being processed. */
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, { readonly at: number; readonly cancel: Cancel }>();
  private readonly failures = new Map<string, number>();
  private readonly takers: ((key: string | undefined) => void)[] = [];
  private isShutDown = false;
  private readonly clock: Clock;
  private readonly backoff: BackoffPolicy;

  private readonly onAdd: ((key: string) => void) | undefined;

  constructor({ clock, backoff = WORKQUEUE_BACKOFF, onAdd }: WorkqueueOptions) {
    this.clock = clock;
    this.backoff = backoff;
    this.onAdd = onAdd;
  }

  get length(): number {
    return this.queued.size;
  }

  add(key: string): void {
    if (this.isShutDown) return;
    this.onAdd?.(key);
    if (this.processing.has(key)) this.again.add(key);
    else this.enqueue(key);
  }

  addAfter(key: string, delayMs: number): void {
    if (this.isShutDown) return;
    if (delayMs <= 0) return this.add(key);
    const at = this.clock.now() + delayMs;
    const waiting = this.delayed.get(key);
    if (waiting && waiting.at <= at) return;
    waiting?.cancel();
    const cancel = this.clock.after(delayMs, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, cancel });
  }

  addRateLimited(key: string): void {
    const failures = this.requeues(key);
    this.failures.set(key, failures + 1);
    this.addAfter(key, backoffDelayMs(this.backoff, failures));
  }

  forget(key: string): void {
    this.failures.delete(key);
  }

  requeues(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  get(): Promise<string | undefined> {
    const key = this.first();
    if (key !== undefined) {
      this.processing.add(key);
      return ++this.taken % KEYS_PER_TURN === 0 ? nextTurn(key) : Promise.resolve(key);
    }
    if (this.isShutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => this.takers.push(resolve));
  }

  done(key: string): void {
    this.processing.delete(key);
    if (this.again.delete(key)) this.enqueue(key);
  }

  shutDown(): void {
    this.isShutDown = true;
    for (const { cancel } of this.delayed.values()) cancel();
    this.delayed.clear();
    for (const give of this.takers.splice(0)) give(undefined);
  }

  private enqueue(key: string): void {
    const give = this.takers.shift();
    if (give) {
      this.processing.add(key);
      give(key);
    } else if (!this.queued.has(key)) {
      this.queued.add(key);
      this.order.push(key);
    }
  }

  /** Takes it from the queue. */
  private first(): string | undefined {
    const key = this.order[this.head];
    if (key === undefined) return undefined;
    this.head++;
    this.queued.delete(key);
    if (this.head === this.order.length || this.head > LEAST_SHIFT) this.shift();
    return key;
  }

  /** Each key is moved at most once, on average. */
  private shift(): void {
    if (this.head * 2 < this.order.length) return;
    this.order = this.order.slice(this.head);
    this.head = 0;
  }
}

/** A queue of hundreds of thousands, as after a start, must not keep the process from everything else. */
const KEYS_PER_TURN = 256;
const LEAST_SHIFT = 1024;

function nextTurn(key: string): Promise<string> {
  return new Promise((resolve) => setImmediate(() => resolve(key)));
}
