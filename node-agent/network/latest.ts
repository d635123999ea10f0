/**
 * Runs `apply` with the newest input only: never two at a time, and what arrives within one turn of the event
 * loop, or while one runs, is one run. Each caller hears how the run went that had its input or a newer one.
 */
export interface Latest<T> {
  push(input: T): Promise<void>;
  /** Resolves when nothing runs; nothing runs afterwards. */
  close(): Promise<void>;
}

interface Waiting<T> {
  readonly input: T;
  readonly done: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
}

export function latest<T>(apply: (input: T) => Promise<void>): Latest<T> {
  let waiting: Waiting<T> | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const drain = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = waiting; next; next = waiting) {
      waiting = undefined;
      await apply(next.input).then(next.settle.resolve, next.settle.reject);
    }
    running = undefined;
  };

  return {
    push(input) {
      if (isClosed) return Promise.reject(new Error("the network of this node is closed"));
      if (waiting) waiting = { ...waiting, input };
      else waiting = { input, ...deferred() };
      running ??= drain();
      return waiting.done;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

function deferred(): Omit<Waiting<never>, "input"> {
  let settle: Waiting<never>["settle"] | undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { done, settle: settle as Waiting<never>["settle"] };
}
