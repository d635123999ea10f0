/** Runs `work` over all items, at most `limit` at a time; the first failure stops new ones and is thrown. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failure) {
      const index = next++;
      try {
        await work(items[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure) throw failure.error;
}

/**
 * One task per key, however many ask for it. The task is aborted only when everyone who waits for it has gone.
 */
export interface SharedTasks<K> {
  run(
    key: K,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal, report: (value: number) => void) => Promise<void>,
    onReport?: (value: number) => void,
  ): Promise<void>;
}

interface SharedTask {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  readonly listeners: Set<(value: number) => void>;
  waiting: number;
}

export function createSharedTasks<K>(): SharedTasks<K> {
  const tasks = new Map<K, SharedTask>();
  const join = (
    key: K,
    start: (signal: AbortSignal, report: (value: number) => void) => Promise<void>,
  ): SharedTask => {
    const known = tasks.get(key);
    if (known && !known.abort.signal.aborted) return known;
    const abort = new AbortController();
    const listeners = new Set<(value: number) => void>();
    const report = (value: number): void => {
      for (const listener of listeners) listener(value);
    };
    const done = start(abort.signal, report).finally(() => {
      if (tasks.get(key) === task) tasks.delete(key);
    });
    done.catch(() => undefined); // thrown to everyone who waits
    const task: SharedTask = { done, abort, listeners, waiting: 0 };
    tasks.set(key, task);
    return task;
  };
  return {
    async run(key, signal, start, onReport) {
      signal?.throwIfAborted();
      const task = join(key, start);
      task.waiting++;
      if (onReport) task.listeners.add(onReport);
      try {
        await unlessAborted(task.done, signal);
      } finally {
        if (onReport) task.listeners.delete(onReport);
        if (--task.waiting === 0) task.abort.abort();
      }
    },
  };
}

function unlessAborted(done: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return done;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    done.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
