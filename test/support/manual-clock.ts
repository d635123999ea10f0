import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "#kit/clock";

/** Turns of the event loop given to the code under test before time moves on. */
const TURNS_PER_STEP = 5;
const MAX_STEPS = 10_000;

/** A clock that stands still until it is advanced. Timers fire in order, each at its own time. */
export class ManualClock implements Clock {
  private time = 1_700_000_000_000;
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + Math.max(0, delayMs), callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  advance(ms: number): void {
    const target = this.time + ms;
    for (let next = this.earliest(); next && next.at <= target; next = this.earliest()) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = target;
  }

  /** The clock is set, ahead or back, without the time having passed: timers fire at their time on the new clock. */
  jump(ms: number): void {
    this.time += ms;
  }

  /** Lets the program run, and time jump from timer to timer, until the condition holds. */
  async runUntil(condition: () => boolean): Promise<void> {
    for (let step = 0; step < MAX_STEPS; step++) {
      for (let turn = 0; turn < TURNS_PER_STEP; turn++) {
        if (condition()) return;
        await nextTurn();
      }
      const next = this.earliest();
      if (next) this.advance(next.at - this.time);
    }
    throw new Error(
      `the condition does not hold after ${MAX_STEPS} steps: ${condition.toString()}`,
    );
  }

  private earliest() {
    let earliest: { readonly at: number; readonly callback: () => void } | undefined;
    for (const timer of this.timers) if (!earliest || timer.at < earliest.at) earliest = timer;
    return earliest;
  }
}
