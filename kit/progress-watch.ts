import type { Cancel, Clock } from "#kit/clock";

/** Something that must go on: calls back once when `moved` was not called for `limitMs`. */
export interface ProgressWatch {
  moved(): void;
  stop(): void;
}

export function watchProgress(clock: Clock, limitMs: number, onStall: () => void): ProgressWatch {
  let movedAtMs = clock.now();
  let cancel: Cancel;
  // One timer for many moves: it looks when it fires how long ago the last was.
  const arm = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      const leftMs = movedAtMs + limitMs - clock.now();
      if (leftMs > 0) arm(leftMs);
      else onStall();
    });
  };
  arm(limitMs);
  return {
    moved() {
      movedAtMs = clock.now();
    },
    stop: () => cancel(),
  };
}
