import { backoffDelayMs, type BackoffPolicy } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import type { Rng } from "#kit/rng";

export interface UntilAppliedOptions<T> {
  /** May run while a newer input's run begins: caller must see to it that the newest wins. */
  apply(input: T): Promise<void>;
  /** Told of each failure; the next attempt comes by itself. */
  failed(error: unknown): void | Promise<void>;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
}

const RETRY: BackoffPolicy = { initialMs: 200, factor: 2, maxMs: 30_000, jitter: 0.2 };

/**
 * Applies each input until that succeeds or a newer one has come. The control plane says a thing once; a program that
 * was to do it may be killed, or the kernel may have no room for a moment.
 */
export function untilApplied<T>(options: UntilAppliedOptions<T>): (input: T) => void {
  const { clock, rng, signal } = options;
  let newest = new AbortController();
  const attempts = async (input: T, superseded: AbortSignal): Promise<void> => {
    for (let failures = 0; !superseded.aborted; failures++) {
      try {
        return await options.apply(input);
      } catch (error) {
        if (superseded.aborted) return;
        await options.failed(error);
      }
      await sleep(clock, backoffDelayMs(RETRY, failures, rng), superseded);
    }
  };
  signal.addEventListener("abort", () => newest.abort(), { once: true });
  return (input) => {
    newest.abort();
    newest = new AbortController();
    if (!signal.aborted) void attempts(input, newest.signal);
  };
}

/** For callers who want to hear of it: rejects as the first attempt did, and goes on by itself. */
export function appliedInTheEnd(options: UntilAppliedOptions<void>): () => Promise<void> {
  const again = untilApplied(options);
  return async () => {
    try {
      await options.apply();
    } catch (error) {
      again();
      throw error;
    }
  };
}
