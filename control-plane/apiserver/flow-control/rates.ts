import { TokenBuckets } from "#kit/token-buckets";

/** How much of a second's allowance may be used at once. */
const BURST_SECONDS = 2;
const MAX_FLOWS = 10_000;

/** Requests per second of flows that have a limit. Bounded: the flows that rested longest are forgotten, full as they are. */
export class Rates {
  private readonly buckets = new TokenBuckets(MAX_FLOWS);

  /** 0: taken. Otherwise after how many whole seconds there is one again. */
  take(flow: string, perSecond: number, nowMs: number): number {
    const allowance = { burst: perSecond * BURST_SECONDS, refillMs: 1_000 / perSecond };
    return Math.ceil(this.buckets.take(flow, allowance, nowMs) / 1_000);
  }
}
