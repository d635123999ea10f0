import { errors } from "#api/machinery/status-error";

/**
 * Lets writers that would only beat each other in a compare-and-swap go one after the other, in the order
 * in which they came. It is no lock: correctness rests on the store, this spares vain attempts.
 * Invariant: at most MAX_WAITING wait for one key; the next one is told to come again (429).
 */
const MAX_WAITING = 1_000;
const RETRY_SECONDS = 1;

export class Turns {
  private readonly lines = new Map<string, Line>();

  /** Caller must: call what this resolves to when its turn is over, whatever happens. */
  async take(key: string): Promise<() => void> {
    const line = this.lines.get(key) ?? { last: Promise.resolve(), size: 0 };
    if (line.size > MAX_WAITING) {
      const message = `too many writes wait for the quotas of namespace ${key}, please try again later`;
      throw errors.tooManyRequests(message, RETRY_SECONDS);
    }
    const { last } = line;
    let end: () => void = () => undefined;
    line.last = new Promise((resolve) => {
      end = resolve;
    });
    line.size++;
    this.lines.set(key, line);
    await last;
    return () => {
      line.size--;
      if (line.size === 0) this.lines.delete(key);
      end();
    };
  }
}

interface Line {
  last: Promise<void>;
  size: number;
}
