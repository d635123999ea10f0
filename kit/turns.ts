/**
 * At most `limit` pieces of work at a time; the others wait their turn, first come first served. Caller must: bound how
 * many wait.
 */
export interface Turns {
  /** Whether `run` would begin at once. */
  isFree(): boolean;
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(limit: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    isFree: () => running < limit,
    async run(work) {
      // Whoever ends hands its place over: nobody can come between.
      if (running < limit) running++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
