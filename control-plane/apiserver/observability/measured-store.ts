import { Counter, Histogram, Registry } from "prom-client";
import type { Store, Transaction, TxnResult, WatchBatch } from "#control-plane/store/store";
import { preciseNow } from "#kit/trace";

/** What is heard of writes and of what the server's one watch brings: by revision, which both have in common. */
export interface StoreListener {
  committed(revision: number, startMs: number, endMs: number): void;
  /** `key`: the first that the revision changed. */
  watched(revision: number, atMs: number, key: string): void;
}

export interface MeasuredStore {
  readonly store: Store;
  readonly registry: Registry;
}

/** The store, with its requests timed: Kubernetes' names, whichever store it is. */
export function measuredStore(store: Store, listener: StoreListener): MeasuredStore {
  const { registry, measure } = storeMetrics();
  return {
    registry,
    store: {
      get: (key, options) => measure("get", () => store.get(key, options)),
      list: (range) => measure("list", () => store.list(range)),
      async txn(transaction: Transaction): Promise<TxnResult> {
        const startMs = preciseNow();
        const result = await measure("txn", () => store.txn(transaction));
        if (result.succeeded) listener.committed(result.revision, startMs, preciseNow());
        return result;
      },
      watch: (options) => heard(store.watch(options), listener),
      compact: (revision) => measure("compact", () => store.compact(revision)),
      currentRevision: () => store.currentRevision(),
      grantLease: (ttlSeconds) => store.grantLease(ttlSeconds),
      keepLeaseAlive: (lease) => store.keepLeaseAlive(lease),
      revokeLease: (lease) => store.revokeLease(lease),
      close: () => store.close(),
    },
  };
}

async function* heard(
  batches: AsyncIterable<WatchBatch>,
  listener: StoreListener,
): AsyncGenerator<WatchBatch> {
  for await (const batch of batches) {
    let told = 0;
    for (const { keyValue } of batch.changes) {
      if (keyValue.modRevision === told) continue;
      told = keyValue.modRevision;
      listener.watched(told, preciseNow(), keyValue.key);
    }
    yield batch;
  }
}

type Operation = "get" | "list" | "txn" | "compact";

function storeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const durations = new Histogram({
    name: "etcd_request_duration_seconds",
    help: "Time of the store's answers in seconds, of whichever store there is.",
    labelNames: ["operation"],
    buckets: [0.0005, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  const errors = new Counter({
    name: "etcd_request_errors_total",
    help: "Requests that the store did not answer, or refused.",
    labelNames: ["operation"],
    registers,
  });
  const measure = async <T>(operation: Operation, ask: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    try {
      return await ask();
    } catch (error) {
      errors.inc({ operation });
      throw error;
    } finally {
      durations.observe({ operation }, (performance.now() - startMs) / 1000);
    }
  };
  return { registry, measure };
}
