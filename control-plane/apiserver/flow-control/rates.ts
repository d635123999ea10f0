/** How much of a second's allowance may be used at once. */
const BURST_SECONDS = 2;
const MAX_FLOWS = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Requests per second of flows that have a limit: a bucket each, filled when it is looked at.
 *
 * Invariant: bounded. When there are too many, those that rested longest are forgotten: they are full again by then.
 */
export class Rates {
  private readonly buckets = new Map<string, Bucket>();

  /** 0: taken. Otherwise after how many seconds there is one again. */
  take(flow: string, perSecond: number, nowMs: number): number {
    const most = perSecond * BURST_SECONDS;
    const bucket = this.buckets.get(flow) ?? { tokens: most, atMs: nowMs };
    const passed = Math.max(0, nowMs - bucket.atMs) / 1000;
    bucket.tokens = Math.min(most, bucket.tokens + passed * perSecond);
    bucket.atMs = nowMs;
    this.buckets.set(flow, bucket);
    if (this.buckets.size > MAX_FLOWS) this.forgetSome();
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens--;
    return 0;
  }

  /** The half that was looked at longest ago. */
  private forgetSome(): void {
    const byAge = [...this.buckets].toSorted(([, a], [, b]) => a.atMs - b.atMs);
    for (const [flow] of byAge.slice(0, MAX_FLOWS / 2)) this.buckets.delete(flow);
  }
}
