import { connectEtcd, type EtcdConnection } from "#control-plane/store/etcd/connection";
import { detailsOf, isCompacted, translatedWrite } from "#control-plane/store/etcd/etcd-errors";
import { grantLease, keepLeaseAlive, revokeLease } from "#control-plane/store/etcd/etcd-leases";
import { EtcdReads } from "#control-plane/store/etcd/etcd-reads";
import { isReadOnly, toTxnRequest, toTxnResult } from "#control-plane/store/etcd/etcd-transaction";
import { parseEtcdUrl } from "#control-plane/store/etcd/etcd-url";
import { EtcdWatch } from "#control-plane/store/etcd/etcd-watch";
import { KeySpace } from "#control-plane/store/etcd/key-space";
import { SharedRead } from "#control-plane/store/etcd/shared-read";
import type { StoreOptions } from "#control-plane/store/index";
import type {
  GetResult,
  ListRange,
  ListResult,
  Store,
  Transaction,
  TxnResult,
  WatchBatch,
  WatchOptions,
} from "#control-plane/store/store";
import { checkTransaction } from "#control-plane/store/transaction";
import { etcdMethods } from "#proto/etcd";

/** The first with watches in fragments. */
const OLDEST_VERSION = [3, 4] as const;

export async function openEtcdStore(url: string, options: StoreOptions): Promise<Store> {
  const address = parseEtcdUrl(url);
  if (!address.tls && !address.endpoints.every(isLoopback)) {
    options.log.warn(
      "etcd is reached without TLS: objects, secrets too, cross the network readable",
    );
  }
  const connection = await connectEtcd(address, options.log);
  const store = new EtcdStore(connection, new KeySpace(address.prefix), options);
  try {
    await store.checkVersion();
    await store.currentRevision();
    return store;
  } catch (cause) {
    await store.close();
    throw new Error(
      `cannot open the store etcd://${address.endpoints.join(",")}: ${detailsOf(cause)}`,
      { cause },
    );
  }
}

function isLoopback(endpoint: string): boolean {
  return /^(?:127\.|localhost:|\[::1\])/.test(endpoint);
}

/**
 * The store seam over etcd's own protocol. Owns the connection, the watches, and the newest revision seen; all
 * other state is etcd's.
 *
 * Invariants:
 * - Reads without a revision are linearizable: etcd confirms its leader first.
 * - A write is never sent twice unless it was surely not proposed the first time (connection.ts).
 */
class EtcdStore implements Store {
  private readonly connection: EtcdConnection;
  private readonly keys: KeySpace;
  private readonly options: StoreOptions;
  private readonly reads: EtcdReads;
  private readonly watches = new Set<EtcdWatch>();
  private readonly underWay = new Set<Promise<unknown>>();
  /** Every consistent read of the API server asks for it. */
  private readonly newestRevision: SharedRead<number>;
  private seenRevision = 1;
  private closing: Promise<void> | undefined;

  constructor(connection: EtcdConnection, keys: KeySpace, options: StoreOptions) {
    this.connection = connection;
    this.keys = keys;
    this.options = options;
    this.reads = new EtcdReads(connection, keys, (revision) => this.saw(revision));
    this.newestRevision = new SharedRead(() => this.reads.currentRevision());
  }

  async checkVersion(): Promise<void> {
    const { version } = await this.connection.call(etcdMethods.status, {}, { isRepeatable: true });
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [oldestMajor, oldestMinor] = OLDEST_VERSION;
    if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
    throw new Error(`etcd is version ${version}, and ${OLDEST_VERSION.join(".")} is needed`);
  }

  async get(key: string, { revision }: { revision?: number } = {}): Promise<GetResult> {
    this.checkOpen();
    return this.reads.get(key, revision);
  }

  async list(range: ListRange): Promise<ListResult> {
    this.checkOpen();
    return this.reads.list(range);
  }

  async txn(transaction: Transaction): Promise<TxnResult> {
    this.checkOpen();
    checkTransaction(transaction, () => true);
    const request = toTxnRequest(transaction, this.keys);
    const options = { isRepeatable: isReadOnly(transaction) };
    const response = await this.write(() =>
      this.connection.call(etcdMethods.txn, request, options),
    );
    const result = toTxnResult(transaction, response, this.keys);
    this.saw(result.revision);
    return result;
  }

  watch(options: WatchOptions): AsyncIterable<WatchBatch> {
    // "From now on" means the call: whatever this process did not know then is told.
    return this.batchesFrom(options.fromRevision || this.seenRevision + 1, options);
  }

  private async *batchesFrom(
    fromRevision: number,
    options: WatchOptions,
  ): AsyncGenerator<WatchBatch, void, undefined> {
    const { signal } = options;
    if (signal.aborted) return;
    this.checkOpen();
    const { connection, keys } = this;
    const { clock, log, watchBufferBatches: bufferBatches } = this.options;
    const seenRevision = (): number => this.seenRevision;
    const context = { connection, keys, clock, log, bufferBatches, seenRevision };
    const watch = new EtcdWatch(context, options, fromRevision);
    const onAbort = (): void => watch.end();
    signal.addEventListener("abort", onAbort, { once: true });
    this.watches.add(watch);
    watch.run().catch((error: Error) => watch.end(error));
    try {
      for await (const batch of watch) {
        if (signal.aborted) return;
        this.saw(batch.revision);
        yield batch;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.watches.delete(watch);
      watch.end();
    }
  }

  async compact(revision: number): Promise<void> {
    const options = { isRepeatable: true };
    await this.write(async () => {
      try {
        await this.connection.call(etcdMethods.compact, { revision }, options);
      } catch (error) {
        if (!isCompacted(error)) throw error;
      }
    });
  }

  async currentRevision(): Promise<number> {
    this.checkOpen();
    return this.newestRevision.ask();
  }

  async grantLease(ttlSeconds: number): Promise<string> {
    return this.write(() => grantLease(this.connection, ttlSeconds));
  }

  async keepLeaseAlive(lease: string): Promise<void> {
    await this.write(() => keepLeaseAlive(this.connection, lease));
  }

  async revokeLease(lease: string): Promise<void> {
    await this.write(() => revokeLease(this.connection, lease));
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    await Promise.allSettled(this.underWay);
    for (const watch of this.watches) watch.end(new Error("the store is closed"));
    this.connection.close();
  }

  /** Closing waits for it. */
  private async write<T>(call: () => Promise<T>): Promise<T> {
    this.checkOpen();
    const work = call();
    this.underWay.add(work);
    try {
      return await work;
    } catch (error) {
      throw translatedWrite(error);
    } finally {
      this.underWay.delete(work);
    }
  }

  private saw(revision: number): void {
    this.seenRevision = Math.max(this.seenRevision, revision);
  }

  private checkOpen(): void {
    if (this.closing) throw new Error("the store is closed");
  }
}
