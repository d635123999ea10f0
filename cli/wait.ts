import { WaitingLine } from "#cli/waiting";
import { sleep, systemClock } from "#kit/clock";

interface Waiting {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Shown on a terminal meanwhile. */
  readonly what?: string;
  /** Its reason is thrown at once when it aborts between two questions. */
  readonly signal?: AbortSignal;
}

/** Asks again and again until it is true (true) or the time is over (false). */
export async function untilTrue(
  question: () => Promise<boolean>,
  { timeoutMs, intervalMs, what, signal }: Waiting,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  const line = what === undefined ? undefined : new WaitingLine();
  try {
    for (;;) {
      if (await question()) return true;
      if (performance.now() >= deadline) return false;
      line?.show(`waiting ${what}`);
      await sleep(systemClock, intervalMs, signal);
      signal?.throwIfAborted();
    }
  } finally {
    line?.end();
  }
}
