import type { Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import { decodeStored, type StoredObject } from "#control-plane/apiserver/storage/codec";
import { kindPrefix, REGISTRY } from "#control-plane/apiserver/storage/keys";
import { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import type { Change, Store } from "#control-plane/store/store";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import { invariant } from "#kit/invariant";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Owns the watch caches and the single store watch that feeds them. One watch for all kinds means that one
 * number says how far everything is: `revision`.
 * Invariants:
 * - When `revision` is r, every cache shows the store exactly at r.
 * - After `fresh()` resolves, the caches show at least every write that was acknowledged before the call.
 * - A feed that breaks lists everything again and ends all watches; it never skips a revision silently.
 */
export class Feed {
  readonly caches: ReadonlyMap<string, WatchCache>;
  private readonly options: FeedOptions;
  private readonly stopped = new AbortController();
  private readonly waiters: Waiter[] = [];
  private current = 0;
  private task: Promise<void> | undefined;

  constructor(options: FeedOptions) {
    this.options = options;
    this.caches = new Map(options.kinds.map((kind) => [kindPrefix(kind), new WatchCache(kind)]));
  }

  get revision(): number {
    return this.current;
  }

  cacheOf(kind: Pick<Kind, "group" | "plural">): WatchCache {
    const cache = this.caches.get(kindPrefix(kind));
    invariant(cache, `kind ${kind.plural} is not registered with this API server`);
    return cache;
  }

  serves(kind: Pick<Kind, "group" | "plural">): boolean {
    return this.caches.has(kindPrefix(kind));
  }

  /** Resolves when the first list is in; from then on the feed keeps itself going until stopped. */
  async start(): Promise<void> {
    await this.relist();
    this.task = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    for (const waiter of this.waiters.splice(0)) waiter.reject(stoppedError());
    await this.task;
  }

  async fresh(): Promise<void> {
    await this.reach(await this.options.store.currentRevision());
  }

  /** 504 when the store does not get there in time, as for a revision from the future. */
  reach(revision: number): Promise<void> {
    if (this.current >= revision) return Promise.resolve();
    if (this.stopped.signal.aborted) return Promise.reject(stoppedError());
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        revision,
        resolve: () => {
          cancel();
          resolve();
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      };
      const cancel = this.options.clock.after(REACH_TIMEOUT_MS, () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(tooLargeRevision(revision, this.current));
      });
      this.waiters.push(waiter);
    });
  }

  private async run(): Promise<void> {
    const { clock, log, rng } = this.options;
    const { signal } = this.stopped;
    for (let attempt = 0; !signal.aborted; ) {
      try {
        await this.follow();
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        log.error("the feed from the store broke; listing everything again", { error });
        await sleep(clock, backoffDelayMs(RELIST_BACKOFF, attempt++, rng), signal);
        if (!signal.aborted)
          await this.relist().catch((cause) => log.error("list failed", { error: cause }));
      }
    }
  }

  private async follow(): Promise<void> {
    const batches = this.options.store.watch({
      prefix: REGISTRY,
      fromRevision: this.current + 1,
      signal: this.stopped.signal,
      progressIntervalMs: PROGRESS_INTERVAL_MS,
    });
    for await (const batch of batches) {
      for (const change of batch.changes) this.dispatch(change);
      this.advance(batch.revision);
    }
  }

  private dispatch(change: Change): void {
    const { key } = change.keyValue;
    const afterGroup = key.indexOf("/", REGISTRY.length);
    const afterPlural = key.indexOf("/", afterGroup + 1);
    this.caches.get(key.slice(0, afterPlural + 1))?.apply(change);
  }

  private advance(revision: number): void {
    if (revision <= this.current) return;
    this.current = revision;
    for (let i = this.waiters.length - 1; i >= 0; i--) {
      const waiter = this.waiters[i] as Waiter;
      if (waiter.revision > revision) continue;
      this.waiters.splice(i, 1);
      waiter.resolve();
    }
  }

  private async relist(): Promise<void> {
    const { store } = this.options;
    const revision = await store.currentRevision();
    for (const [prefix, cache] of this.caches) {
      const objects: StoredObject[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list({
          prefix,
          limit: LIST_PAGE,
          isCounted: false,
          ...(revision > 0 ? { revision } : {}),
          ...(after === undefined ? {} : { after }),
        });
        for (const { key, value, modRevision } of page.keyValues) {
          objects.push(decodeStored(key, value, modRevision));
        }
        after = page.keyValues.at(-1)?.key;
        if (!page.hasMore || after === undefined) break;
      }
      cache.replace(objects, revision);
    }
    this.advance(revision);
  }
}

export interface FeedOptions {
  readonly store: Store;
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

interface Waiter {
  readonly revision: number;
  resolve(): void;
  reject(error: Error): void;
}

const REACH_TIMEOUT_MS = 3_000;
const PROGRESS_INTERVAL_MS = 30_000;
const LIST_PAGE = 1_000;
const RELIST_BACKOFF: BackoffPolicy = { initialMs: 100, factor: 2, maxMs: 10_000, jitter: 0.2 };

function tooLargeRevision(wanted: number, current: number): StatusError {
  return new StatusError(
    504,
    "Timeout",
    `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  );
}

function stoppedError(): StatusError {
  return new StatusError(503, "ServiceUnavailable", "the API server is shutting down");
}
