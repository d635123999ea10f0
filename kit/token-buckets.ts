import { RecentMap } from "#kit/recent-map";

/** How much may be done at once, and how soon it may be done again. */
export interface Allowance {
  readonly burst: number;
  /** One more after each of it. */
  readonly refillMs: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A bucket of tokens for each key, filled when it is looked at.
 *
 * Invariant: at most `limit` buckets; those that were not looked at for longest are forgotten, and are full again then.
 */
export class TokenBuckets {
  private readonly buckets: RecentMap<string, Bucket>;

  constructor(limit: number) {
    this.buckets = new RecentMap(limit);
  }

  /** 0: taken. Otherwise in how many milliseconds there is one again. A clock that is set back gives and takes nothing. */
  take(key: string, { burst, refillMs }: Allowance, nowMs: number): number {
    const bucket = this.buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const passedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + passedMs / refillMs);
    bucket.atMs = nowMs;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return (1 - bucket.tokens) * refillMs;
    bucket.tokens--;
    return 0;
  }
}
