import { randomBytes } from "node:crypto";
import { open, type Opened, seal } from "#control-plane/apiserver/storage/encryption/envelope";
import {
  KEY_BYTES,
  type KeyRing,
  type KeySource,
  makeKey,
  type SavedRing,
} from "#control-plane/apiserver/storage/encryption/key-ring";
import type { Compare } from "#control-plane/store/store";

/** A value names a key that is not there. */
export class UnknownKeyError extends Error {
  override name = "UnknownKeyError";
}

/**
 * The ring as this server knows it. A value that names a key it does not know makes it read the source again: another
 * server may have added one.
 * Invariant: a key is in the source before any value is written with it.
 */
export class EncryptionKeys {
  readonly source: KeySource;
  private current: SavedRing;
  private loading: Promise<void> | undefined;
  /** An embedded store gives back the very bytes that were written: they need no opening. */
  private readonly sealedHere = new WeakMap<
    Uint8Array,
    { readonly storageKey: string; readonly plain: Uint8Array }
  >();

  private constructor(source: KeySource, saved: SavedRing) {
    this.source = source;
    this.current = saved;
  }

  /** `isNew`: nothing has been stored yet, so that everything can be encrypted from the beginning. */
  static async load(source: KeySource, isNew: boolean): Promise<EncryptionKeys> {
    const keys = new EncryptionKeys(source, await source.load());
    if (isNew && keys.ring.length === 0) await keys.addFirst();
    return keys;
  }

  get ring(): KeyRing {
    return this.current.ring;
  }

  /** What `keepFirst` goes by. */
  get saved(): SavedRing {
    return this.current;
  }

  seal(storageKey: string, plain: Uint8Array): Uint8Array {
    const [key] = this.ring;
    if (!key) return plain;
    const sealed = seal(key, storageKey, plain);
    this.sealedHere.set(sealed, { storageKey, plain });
    return sealed;
  }

  async open(
    storageKey: string,
    value: Uint8Array,
  ): Promise<Exclude<Opened, { type: "unknownKey" }>> {
    const known = this.sealedHere.get(value);
    if (known?.storageKey === storageKey) return { type: "plain", value: known.plain };
    let opened = open(this.ring, storageKey, value);
    if (opened.type === "unknownKey") {
      await this.reload();
      opened = open(this.ring, storageKey, value);
    }
    if (opened.type !== "unknownKey") return opened;
    throw new UnknownKeyError(
      `${storageKey} is encrypted with key ${opened.keyId}, which is not among ${this.source.description}: restore a backup that has it`,
    );
  }

  /** A new key, with which everything is written from now on. */
  async add(): Promise<string> {
    const key = makeKey(randomBytes(KEY_BYTES));
    const known = await this.source.load();
    const saved = await this.source.save([key, ...known.ring], known);
    if (!saved) {
      throw new Error("another server has changed the keys of encryption meanwhile: try again");
    }
    this.current = saved;
    return key.id;
  }

  /** Servers that start at the same time agree on one. */
  private async addFirst(): Promise<void> {
    try {
      await this.add();
    } catch (error) {
      await this.reload();
      if (this.ring.length === 0) throw error;
    }
  }

  /**
   * Drops all keys but the first of `known`. False, and nothing is dropped, when keys were added or dropped since:
   * values may be written with one that `known` has not. Caller must: know that no value names the keys that go.
   */
  async keepFirst(known: SavedRing): Promise<boolean> {
    const saved = await this.source.save(known.ring.slice(0, 1), known);
    if (saved) this.current = saved;
    else await this.reload();
    return saved !== undefined;
  }

  guard(): Compare {
    return this.current.guard;
  }

  /** Whether keys have been added or dropped since `guard` was given; then they are known now. */
  async isOutdated(guard: Compare): Promise<boolean> {
    // One that is under way may have begun before the change.
    await this.loading;
    await this.reload();
    return JSON.stringify(this.guard()) !== JSON.stringify(guard);
  }

  /** Several at once share the work. */
  reload(): Promise<void> {
    this.loading ??= this.readAgain().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async readAgain(): Promise<void> {
    this.current = await this.source.load();
  }
}
