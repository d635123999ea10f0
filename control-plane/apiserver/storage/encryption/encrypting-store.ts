import type { EncryptionKeys } from "#control-plane/apiserver/storage/encryption/keys";
import { unreadableObject } from "#control-plane/apiserver/storage/encryption/unreadable";
import type {
  Change,
  GetResult,
  KeyValue,
  ListRange,
  ListResult,
  Operation,
  Store,
  Transaction,
  TxnResult,
  WatchBatch,
} from "#control-plane/store/store";
import { invariant } from "#kit/invariant";
import type { Log } from "#kit/log";

/** What is encrypted at rest. */
export const ENCRYPTED_PREFIXES = ["/registry/core/secrets/"] as const;

export function isEncrypted(key: string): boolean {
  return ENCRYPTED_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/**
 * The store with the values of some keys encrypted below it: whoever reads and writes through it sees them plain.
 * Revisions, versions and leases are the store's own. Values that were written before encryption are read as they are.
 *
 * A value that does not open with its key is shown as an object that says so, so that one damaged value does not
 * hide all others; a key that is missing ends the read (UnknownKeyError), because then all of them would be.
 */
export function encryptingStore(store: Store, keys: EncryptionKeys, log: Log): Store {
  const opener = new Opener(keys, log);
  return {
    async get(key, options): Promise<GetResult> {
      const found = await store.get(key, options);
      return { ...found, keyValue: await opener.maybe(found.keyValue) };
    },
    async list(range: ListRange): Promise<ListResult> {
      const found = await store.list(range);
      return { ...found, keyValues: await opener.all(found.keyValues) };
    },
    async txn(transaction: Transaction): Promise<TxnResult> {
      const result = await sealedTransaction(store, keys, transaction);
      const results = result.results.map((one) => opener.maybe(one));
      return { ...result, results: await Promise.all(results) };
    },
    watch: (options) => opener.batches(store.watch(options)),
    compact: (revision) => store.compact(revision),
    currentRevision: () => store.currentRevision(),
    grantLease: (ttlSeconds) => store.grantLease(ttlSeconds),
    keepLeaseAlive: (lease) => store.keepLeaseAlive(lease),
    revokeLease: (lease) => store.revokeLease(lease),
    close: () => store.close(),
  };
}

/** How often the keys may change under one write. */
const MAX_ATTEMPTS = 5;

/** What the keys are must hold when the write is made: tried again with those of now when it does not. */
async function sealedTransaction(
  store: Store,
  keys: EncryptionKeys,
  transaction: Transaction,
): Promise<TxnResult> {
  const { compare, then, otherwise = [] } = transaction;
  if (![...then, ...otherwise].some(isSealedPut)) return store.txn(transaction);
  invariant(!otherwise.some(isWrite), "what is not done when a compare fails may not write");
  for (let attempt = 1; ; attempt++) {
    const guard = keys.guard();
    const result = await store.txn({
      compare: [...compare, guard],
      then: then.map((operation) => sealedPut(operation, keys)),
      otherwise,
    });
    const isDone = result.succeeded || attempt === MAX_ATTEMPTS;
    if (isDone || !(await keys.isOutdated(guard))) return result;
  }
}

function isWrite({ type }: Operation): boolean {
  return type !== "get";
}

function isSealedPut({ type, key }: Operation): boolean {
  return type === "put" && isEncrypted(key);
}

function sealedPut(operation: Operation, keys: EncryptionKeys): Operation {
  if (operation.type !== "put" || !isEncrypted(operation.key)) return operation;
  return { ...operation, value: keys.seal(operation.key, operation.value) };
}

class Opener {
  private readonly keys: EncryptionKeys;
  private readonly log: Log;

  constructor(keys: EncryptionKeys, log: Log) {
    this.keys = keys;
    this.log = log;
  }

  async maybe(keyValue: KeyValue | undefined): Promise<KeyValue | undefined> {
    return keyValue && isSealed(keyValue) ? this.plain(keyValue) : keyValue;
  }

  /** Without a turn of the event loop where there is nothing to decrypt: most lists and batches. */
  async all(keyValues: readonly KeyValue[]): Promise<readonly KeyValue[]> {
    if (!keyValues.some(isSealed)) return keyValues;
    const opened: KeyValue[] = [];
    for (const one of keyValues) opened.push(isSealed(one) ? await this.plain(one) : one);
    return opened;
  }

  async *batches(batches: AsyncIterable<WatchBatch>): AsyncGenerator<WatchBatch, void, undefined> {
    for await (const batch of batches) {
      const isPlain = !batch.changes.some(
        ({ keyValue, previous }) => isSealed(keyValue) || (previous && isSealed(previous)),
      );
      if (isPlain) yield batch;
      else yield { ...batch, changes: await this.changes(batch.changes) };
    }
  }

  private async changes(changes: readonly Change[]): Promise<Change[]> {
    const opened: Change[] = [];
    for (const change of changes) {
      const keyValue = isSealed(change.keyValue)
        ? await this.plain(change.keyValue)
        : change.keyValue;
      opened.push({ ...change, keyValue, previous: await this.maybe(change.previous) });
    }
    return opened;
  }

  private async plain(keyValue: KeyValue): Promise<KeyValue> {
    const { key, value } = keyValue;
    const opened = await this.keys.open(key, value);
    if (opened.type !== "damaged") return { ...keyValue, value: opened.value };
    const why = `its stored value does not open with key ${opened.keyId}: it was changed or moved in the store; delete it, or restore a backup`;
    this.log.error("a stored object is damaged", { key, why });
    return { ...keyValue, value: unreadableObject(key, why) };
  }
}

/** A delete carries no value. */
function isSealed({ key, value }: KeyValue): boolean {
  return value.length > 0 && isEncrypted(key);
}
