import type {
  Compare,
  KeyValue,
  ListResult,
  Store,
  TxnResult,
  WatchBatch,
  WatchOptions,
} from "#control-plane/store/store";
import { CompactedError } from "#control-plane/store/store";

/**
 * A store whose revisions are another's plus a constant. A restored store counts from where its backend stands, which
 * may be far below what clients have seen before; shifted, its revisions are above all of those, and whoever asks for
 * an older one is told that it is compacted. 0 keeps its meaning: "does not exist", "from now on".
 */
export function shiftedStore(store: Store, offset: number): Store {
  const shift = new Shift(offset);
  return {
    async get(key, options = {}) {
      const { revision } = options;
      const at = revision === undefined ? {} : { revision: shift.down(revision) };
      const found = await shift.errors(store.get(key, at));
      return { revision: found.revision + offset, keyValue: shift.maybe(found.keyValue) };
    },
    async list({ revision, ...range }): Promise<ListResult> {
      const at = revision === undefined ? {} : { revision: shift.down(revision) };
      const found = await shift.errors(store.list({ ...range, ...at }));
      const keyValues = found.keyValues.map((one) => shift.up(one));
      return { ...found, revision: found.revision + offset, keyValues };
    },
    async txn(transaction): Promise<TxnResult> {
      const compare = transaction.compare.map((one) => shift.compare(one));
      const result = await store.txn({ ...transaction, compare });
      const results = result.results.map((one) => shift.maybe(one));
      return { ...result, revision: result.revision + offset, results };
    },
    watch: (options) => shift.watch(store, options),
    async compact(revision) {
      if (revision > offset) await shift.errors(store.compact(revision - offset));
    },
    currentRevision: async () => (await store.currentRevision()) + offset,
    grantLease: (ttlSeconds) => store.grantLease(ttlSeconds),
    keepLeaseAlive: (lease) => store.keepLeaseAlive(lease),
    revokeLease: (lease) => store.revokeLease(lease),
    close: () => store.close(),
  };
}

class Shift {
  private readonly offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }

  /** A revision of before the restore is history that is not there. */
  down(revision: number): number {
    if (revision === 0) return 0;
    if (revision <= this.offset) throw new CompactedError(this.offset + 1);
    return revision - this.offset;
  }

  up(keyValue: KeyValue): KeyValue {
    return {
      ...keyValue,
      createRevision: keyValue.createRevision + this.offset,
      modRevision: keyValue.modRevision + this.offset,
    };
  }

  maybe(keyValue: KeyValue | undefined): KeyValue | undefined {
    return keyValue && this.up(keyValue);
  }

  /** A revision of before the restore equals none of now, nor 0: it is turned into one that no key has. */
  compare(compare: Compare): Compare {
    if (!("modRevision" in compare) || compare.modRevision === 0) return compare;
    const inner = compare.modRevision - this.offset;
    return { key: compare.key, modRevision: inner > 0 ? inner : Number.MAX_SAFE_INTEGER };
  }

  watch(store: Store, options: WatchOptions): AsyncIterable<WatchBatch> {
    const { fromRevision = 0 } = options;
    if (fromRevision > 0 && fromRevision <= this.offset) return compacted(this.offset + 1);
    const inner = fromRevision === 0 ? 0 : fromRevision - this.offset;
    return this.batches(store.watch({ ...options, fromRevision: inner }));
  }

  async errors<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw this.translated(error);
    }
  }

  private async *batches(
    inner: AsyncIterable<WatchBatch>,
  ): AsyncGenerator<WatchBatch, void, undefined> {
    try {
      for await (const { revision, changes } of inner) {
        yield {
          revision: revision + this.offset,
          changes: changes.map(({ type, keyValue, previous }) => ({
            type,
            keyValue: this.up(keyValue),
            previous: this.maybe(previous),
          })),
        };
      }
    } catch (error) {
      throw this.translated(error);
    }
  }

  private translated(error: unknown): unknown {
    if (!(error instanceof CompactedError)) return error;
    return new CompactedError(error.compactRevision + this.offset);
  }
}

async function* compacted(oldest: number): AsyncGenerator<WatchBatch, void, undefined> {
  yield* [];
  throw new CompactedError(oldest);
}
