import type { Cancel, Clock } from "#kit/clock";

/** Time that passes only when a test says so. */
export interface VirtualClock extends Clock {
  /** Moves to the next timer that is due within limitMs and calls it; false: nothing was due, time moved by limitMs. */
  step(limitMs: number): boolean;
  /** Time passes and every timer that becomes due is called, with pending promises settled in between. */
  advance(durationMs: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly serial: number;
  readonly callback: () => void;
}

export function createVirtualClock(startMs = Date.parse("2026-01-01T00:00:00Z")): VirtualClock {
  let nowMs = startMs;
  let serial = 0;
  const timers = new Set<Timer>();
  const nextTimer = (): Timer | undefined =>
    [...timers].sort((a, b) => a.atMs - b.atMs || a.serial - b.serial)[0];
  const step = (limitMs: number): boolean => {
    const timer = nextTimer();
    if (!timer || timer.atMs > nowMs + limitMs) {
      nowMs += limitMs;
      return false;
    }
    nowMs = Math.max(nowMs, timer.atMs);
    timers.delete(timer);
    timer.callback();
    return true;
  };
  return {
    now: () => nowMs,
    after(delayMs, callback): Cancel {
      const timer = { atMs: nowMs + Math.max(0, delayMs), serial: serial++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    step,
    async advance(durationMs) {
      const endMs = nowMs + durationMs;
      await settle();
      while (step(endMs - nowMs)) await settle();
    },
  };
}

/** Lets what is already possible happen: promises, and file operations of a few turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
