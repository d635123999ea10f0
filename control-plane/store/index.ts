import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Store } from "#control-plane/store/store";

export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How many batches a watcher may lag behind before it is cut off. */
  readonly watchBufferBatches?: number;
}

type Backend = (url: URL, options: StoreOptions) => Promise<Store>;

/** One line per backend; each is imported only when its scheme is asked for. */
const backends: Readonly<Record<string, Backend>> = {
  "memory:": async (_url, options) =>
    (await import("#control-plane/store/memory")).createMemoryStore(options),
  "sqlite:": async (url, options) =>
    (await import("#control-plane/store/sqlite")).openSqliteStore(pathOf(url), options),
  "etcd:": async (url) => {
    throw new Error(
      `the store ${url.href} cannot be used: etcd is not available yet in this version; use sqlite:///path/to/state.db`,
    );
  },
};

/** "sqlite:///var/lib/kaji/state.db" or "memory:". */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const backend = parsed && backends[parsed.protocol];
  if (!parsed || !backend) {
    throw new Error(
      `"${url}" is not the URL of a store; use sqlite:///path/to/state.db or memory: (tests)`,
    );
  }
  return backend(parsed, options);
}

function pathOf(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  if (url.host !== "" || path.length < 2 || path.endsWith("/")) {
    throw new Error(
      `"${url.href}" does not name a file; write three slashes and an absolute path: sqlite:///path/to/state.db`,
    );
  }
  return path;
}
