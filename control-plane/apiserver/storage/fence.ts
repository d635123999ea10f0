import { StatusError } from "#api/machinery/status-error";
import type { Store, Transaction } from "#control-plane/store/store";

/**
 * A leader that was stopped for a while does not know that another leads now, and may have writes under way. Each
 * term of a leadership therefore raises a fence: a key outside everything that the API serves, whose revision every
 * write of that term compares.
 *
 * Invariant: once a newer term has raised the fence, no write of an older term takes effect, however late it comes.
 */
export interface Fence {
  /** What is led. */
  readonly name: string;
  readonly revision: number;
}

/** The key of the Lease that was won, as it was when we held it. */
export interface HeldLease {
  readonly name: string;
  readonly key: string;
  readonly modRevision: number;
}

function fenceKey(name: string): string {
  return `/kaji/fences/${name}`;
}

/** undefined: the lease has been written since; whoever still holds it tries again. */
export async function raiseFence(store: Store, lease: HeldLease): Promise<Fence | undefined> {
  const { name, key, modRevision } = lease;
  const value = Buffer.from(String(modRevision));
  const { succeeded, revision } = await store.txn({
    compare: [{ key, modRevision }],
    then: [{ type: "put", key: fenceKey(name), value }],
  });
  return succeeded ? { name, revision } : undefined;
}

/** The same store for one term: its writes hold only as long as the fence is its own. */
export function fencedStore(store: Store, fence: Fence): Store {
  const key = fenceKey(fence.name);
  const compare = { key, modRevision: fence.revision };
  return {
    get: (wanted, options) => store.get(wanted, options),
    list: (range) => store.list(range),
    watch: (options) => store.watch(options),
    compact: (revision) => store.compact(revision),
    currentRevision: () => store.currentRevision(),
    grantLease: (ttlSeconds) => store.grantLease(ttlSeconds),
    keepLeaseAlive: (lease) => store.keepLeaseAlive(lease),
    revokeLease: (lease) => store.revokeLease(lease),
    close: () => store.close(),
    async txn(transaction: Transaction) {
      const result = await store.txn({
        compare: [...transaction.compare, compare],
        then: transaction.then,
        otherwise: [...(transaction.otherwise ?? []), { type: "get", key }],
      });
      if (result.succeeded) return result;
      const results = result.results.slice(0, -1);
      if (result.results.at(-1)?.modRevision !== fence.revision) throw superseded(fence.name);
      return { ...result, results };
    },
  };
}

function superseded(name: string): StatusError {
  return new StatusError(
    409,
    "Conflict",
    `another server leads ${name} now: this write came too late`,
  );
}
