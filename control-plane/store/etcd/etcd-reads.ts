import type { EtcdConnection } from "#control-plane/store/etcd/connection";
import { LIST_TIMEOUT_MS, READ_TIMEOUT_MS } from "#control-plane/store/etcd/connection";
import { isCompacted, isTooLarge, translated } from "#control-plane/store/etcd/etcd-errors";
import { ALL_KEYS, type KeySpace } from "#control-plane/store/etcd/key-space";
import type { GetResult, KeyValue, ListRange, ListResult } from "#control-plane/store/store";
import { CompactedError } from "#control-plane/store/store";
import type { RangeRequest, RangeResponse } from "#proto/etcd";
import { etcdMethods } from "#proto/etcd";

/** Keys per request of a list; halved when a reply is too large to receive. */
const LIST_PAGE_KEYS = 1_000;
/** A list of the newest state starts again when compaction overtakes it. */
const LIST_ATTEMPTS = 5;

/** Reads. Without a revision they are linearizable: etcd confirms its leader first. Owns no state. */
export class EtcdReads {
  private readonly connection: EtcdConnection;
  private readonly keys: KeySpace;
  /** Told every revision that an answer names. */
  private readonly saw: (revision: number) => void;

  constructor(connection: EtcdConnection, keys: KeySpace, saw: (revision: number) => void) {
    this.connection = connection;
    this.keys = keys;
    this.saw = saw;
  }

  async currentRevision(): Promise<number> {
    const { header } = await this.range({ key: ALL_KEYS.key, keysOnly: true });
    return header?.revision ?? 0;
  }

  async get(key: string, revision: number | undefined): Promise<GetResult> {
    const request = { key: this.keys.toEtcd(key), ...(revision ? { revision } : {}) };
    const { kvs, header } = await this.range(request);
    const found = kvs?.[0];
    const keyValue = found && this.keys.toKeyValue(found);
    return { revision: revision ?? header?.revision ?? 0, keyValue };
  }

  async list(range: ListRange): Promise<ListResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.listPages(range);
      } catch (error) {
        const isOvertaken = error instanceof CompactedError && range.revision === undefined;
        if (!isOvertaken || attempt === LIST_ATTEMPTS) throw error;
      }
    }
  }

  /** In pages of a bounded size, all at the revision of the first. */
  private async listPages({ prefix, after, limit = 0, ...at }: ListRange): Promise<ListResult> {
    const keyValues: KeyValue[] = [];
    let { revision } = at;
    let pageKeys = LIST_PAGE_KEYS;
    for (let cursor = after; ; ) {
      const wanted = limit === 0 ? pageKeys : Math.min(pageKeys, limit - keyValues.length);
      const page = await this.pageOf({
        ...this.keys.range(prefix, cursor),
        limit: wanted,
        ...(revision ? { revision } : {}),
      });
      if (page === "tooLarge") {
        pageKeys = Math.ceil(wanted / 2);
        continue;
      }
      const found = (page.kvs ?? []).map((kv) => this.keys.toKeyValue(kv));
      keyValues.push(...found);
      revision ??= page.header?.revision ?? 0;
      cursor = found.at(-1)?.key ?? cursor;
      if (!page.more || keyValues.length === limit) {
        const remaining = (page.count ?? 0) - found.length;
        return { revision, keyValues, hasMore: remaining > 0, remaining };
      }
    }
  }

  private async pageOf(request: RangeRequest): Promise<RangeResponse | "tooLarge"> {
    try {
      return await this.range(request, LIST_TIMEOUT_MS);
    } catch (error) {
      if (isTooLarge(error) && request.limit !== 1) return "tooLarge";
      throw error;
    }
  }

  private async range(request: RangeRequest, timeoutMs = READ_TIMEOUT_MS): Promise<RangeResponse> {
    const options = { isRepeatable: true, timeoutMs };
    try {
      const response = await this.connection.call(etcdMethods.range, request, options);
      this.saw(response.header?.revision ?? 0);
      return response;
    } catch (error) {
      if (!isCompacted(error)) throw translated(error);
      throw new CompactedError(await this.compactRevision(request.revision ?? 1));
    }
  }

  /** etcd names the compact revision only to a watch that asks for what is compacted. */
  private async compactRevision(compacted: number): Promise<number> {
    const createRequest = { key: ALL_KEYS.key, startRevision: compacted };
    const answer = await this.connection.exchange(
      etcdMethods.watch,
      { requestUnion: "createRequest", createRequest },
      ({ canceled }) => canceled,
    );
    return answer.compactRevision ?? 0;
  }
}
