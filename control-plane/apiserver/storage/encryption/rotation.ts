import { keyIdOf } from "#control-plane/apiserver/storage/encryption/envelope";
import { ENCRYPTED_PREFIXES } from "#control-plane/apiserver/storage/encryption/encrypting-store";
import type { EncryptionKeys } from "#control-plane/apiserver/storage/encryption/keys";
import type { KeyValue, Store } from "#control-plane/store/store";
import type { Log } from "#kit/log";

/** What `kaji encryption status` shows. */
export interface EncryptionStatus {
  /** With which everything is written; undefined: nothing is encrypted. */
  readonly primary: string | undefined;
  readonly keys: readonly { readonly id: string; readonly values: number }[];
  readonly unencrypted: number;
  readonly isRewriting: boolean;
}

const PAGE = 200;
/** Writers and other rotations come between: each pass finds what the one before it missed. */
const MAX_PASSES = 5;

/**
 * Brings every value to the newest key, in the background, and then drops the others. Where it was interrupted the
 * next start goes on: what is left to do is read off the store.
 * Invariant: a key is dropped only when a whole pass has found no value that names it, and no key has come since
 * before that pass, here or on another server.
 */
export class Rotation {
  /** Values as they lie in the store, and as the server sees them. */
  private readonly below: Store;
  private readonly above: Store;
  private readonly keys: EncryptionKeys;
  private readonly log: Log;
  private readonly stopped = new AbortController();
  private task: Promise<void> | undefined;

  constructor(options: { below: Store; above: Store; keys: EncryptionKeys; log: Log }) {
    this.below = options.below;
    this.above = options.above;
    this.keys = options.keys;
    this.log = options.log;
  }

  /** Adds a key, which every write takes from now on, and rewrites what there is in the background. */
  async rotate(): Promise<string> {
    const id = await this.keys.add();
    this.log.info("values are being encrypted with a new key", { key: id });
    this.resume();
    return id;
  }

  /** Goes on where an earlier process was interrupted; costs a list of what is encrypted. */
  resume(): void {
    if (this.keys.ring.length === 0) return;
    const before = this.task ?? Promise.resolve();
    const task: Promise<void> = before
      .then(() => this.finish())
      .catch((error: unknown) => {
        if (this.stopped.signal.aborted) return;
        const advice = "`kaji encryption status` shows what is left; it goes on at the next start";
        this.log.error("values could not all be encrypted with the newest key", { error, advice });
      })
      .finally(() => {
        if (this.task === task) this.task = undefined;
      });
    this.task = task;
  }

  async status(): Promise<EncryptionStatus> {
    const counts = new Map(this.keys.ring.map(({ id }) => [id, 0]));
    let unencrypted = 0;
    for await (const { value } of this.values()) {
      const id = keyIdOf(value);
      if (id === undefined) unencrypted++;
      else counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const keys = [...counts].map(([id, values]) => ({ id, values }));
    const isRewriting = this.task !== undefined;
    return { primary: this.keys.ring[0]?.id, keys, unencrypted, isRewriting };
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.task;
  }

  /** Until a pass finds nothing to do, and what it went by is true still. */
  private async finish(): Promise<void> {
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      const known = this.keys.saved;
      const [primary] = known.ring;
      if (!primary) return;
      if ((await this.rewriteOthers(primary.id)) > 0) continue;
      if (known.ring.length === 1 || this.stopped.signal.aborted) return;
      if (!(await this.keys.keepFirst(known))) continue;
      this.log.info("all values are encrypted with the newest key; older keys are gone", {
        key: primary.id,
      });
      return;
    }
    throw new Error(`values were still written with other keys after ${MAX_PASSES} passes`);
  }

  /** How many values were not encrypted with this key. */
  private async rewriteOthers(id: string): Promise<number> {
    let others = 0;
    for await (const keyValue of this.values()) {
      if (keyIdOf(keyValue.value) === id) continue;
      others++;
      await this.rewrite(keyValue);
    }
    return others;
  }

  /** A compare-and-swap: who writes meanwhile wins, and uses the newest key. */
  private async rewrite({ key, value, modRevision, lease }: KeyValue): Promise<void> {
    const opened = await this.keys.open(key, value);
    if (opened.type === "damaged") {
      throw new Error(`${key} is damaged: it does not open with key ${opened.keyId}; delete it`);
    }
    const put = { type: "put", key, value: opened.value } as const;
    await this.above.txn({
      compare: [{ key, modRevision }],
      then: [lease === undefined ? put : { ...put, lease }],
    });
  }

  private async *values(): AsyncGenerator<KeyValue, void, undefined> {
    for (const prefix of ENCRYPTED_PREFIXES) {
      for (let after: string | undefined; ; ) {
        if (this.stopped.signal.aborted) throw new Error("the server is stopping");
        const range = {
          prefix,
          limit: PAGE,
          isCounted: false,
          ...(after === undefined ? {} : { after }),
        };
        const { keyValues, hasMore } = await this.below.list(range);
        yield* keyValues;
        after = keyValues.at(-1)?.key;
        if (!hasMore || after === undefined) break;
      }
    }
  }
}
