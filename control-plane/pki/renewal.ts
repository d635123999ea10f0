import { type Pki, renewAtMs } from "#control-plane/pki/pki";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

export interface RenewalOptions {
  /** Keeps what is good and makes the rest anew. */
  ensure(nowMs: number): Promise<Pki>;
  /** Puts the new certificates to use. */
  onRenewed(pki: Pki): Promise<void>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The clock may be set, and a timer cannot be arbitrarily long. */
const MAX_WAIT_MS = 12 * 3_600_000;
const RETRY: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 3_600_000, jitter: 0.5 };

/** Renews the certificates of a server that runs for longer than they live, until the signal aborts. */
export async function keepPkiCurrent(first: Pki, options: RenewalOptions): Promise<void> {
  const { clock, log, rng, signal } = options;
  let pki = first;
  for (let failures = 0; !signal.aborted; ) {
    const waitMs = failures > 0 ? backoffDelayMs(RETRY, failures - 1, rng) : dueInMs(pki, clock);
    await sleep(clock, waitMs, signal);
    if (signal.aborted) return;
    if (clock.now() < renewAtMs(pki)) continue;
    try {
      pki = await options.ensure(clock.now());
      await options.onRenewed(pki);
      failures = 0;
      log.info("the certificates were renewed");
    } catch (error) {
      failures++;
      log.error("the certificates could not be renewed; it is tried again", { error });
    }
  }
}

function dueInMs(pki: Pki, clock: Clock): number {
  return Math.min(MAX_WAIT_MS, Math.max(1_000, renewAtMs(pki) - clock.now()));
}
