import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import { servedStore } from "#control-plane/store/restore-record";
import type { Store } from "#control-plane/store/store";

export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How many batches a watcher may lag behind before it is cut off. */
  readonly watchBufferBatches?: number;
}

type Backend = (url: string, options: StoreOptions) => Promise<Store>;

/** One line per backend; each is imported only when its scheme is asked for. */
const backends: Readonly<Record<string, Backend>> = {
  "memory:": async (_url, options) =>
    (await import("#control-plane/store/memory")).createMemoryStore(options),
  "sqlite:": async (url, options) =>
    (await import("#control-plane/store/sqlite")).openSqliteStore(pathOf(url), options),
  "etcd:": async (url, options) =>
    (await import("#control-plane/store/etcd")).openEtcdStore(url, options),
};

/** "sqlite:///var/lib/kaji/state.db", "etcd://host:2379,host:2379/prefix?ca=file", or "memory:". */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  return servedStore(await openBackend(url, options));
}

/** The store with its own revisions, also when a restore into it did not end: for restoring. */
export async function openBackend(url: string, options: StoreOptions): Promise<Store> {
  // Not parsed by URL here: it does not know lists of hosts.
  const backend = backends[/^[a-z]+:/.exec(url)?.[0] ?? ""];
  if (!backend) {
    throw new Error(
      `"${url}" is not the URL of a store; use sqlite:///path/to/state.db, etcd://host:2379 or memory: (tests)`,
    );
  }
  return backend(url, options);
}

function pathOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const path = decodeURIComponent(parsed?.pathname ?? "");
  if (parsed?.host !== "" || path.length < 2 || path.endsWith("/")) {
    throw new Error(
      `"${url}" does not name a file; write three slashes and an absolute path: sqlite:///path/to/state.db`,
    );
  }
  return path;
}
