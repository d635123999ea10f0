import type { Rng } from "#kit/rng";

/** Exponential backoff as data. jitter 0.2 spreads a delay over 80 % to 120 % of itself. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: number;
}

/** The delay before attempt number `attempt` (0 is the first retry). */
export function backoffDelayMs(policy: BackoffPolicy, attempt: number, rng?: Rng): number {
  const plain = Math.min(policy.maxMs, policy.initialMs * policy.factor ** Math.min(attempt, 64));
  const spread = rng ? 1 + policy.jitter * (2 * rng.next() - 1) : 1;
  return Math.round(plain * spread);
}
