import { randomBytes } from "node:crypto";
import { open, type Opened, seal } from "#control-plane/apiserver/storage/encryption/envelope";
import {
  KEY_BYTES,
  type KeyRing,
  type KeySource,
  makeKey,
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
  private current: KeyRing;
  private loading: Promise<void> | undefined;
  /** An embedded store gives back the very bytes that were written: they need no opening. */
  private readonly sealedHere = new WeakMap<
    Uint8Array,
    { readonly storageKey: string; readonly plain: Uint8Array }
  >();

  private constructor(source: KeySource, ring: KeyRing) {
    this.source = source;
    this.current = ring;
  }

  /** `isNew`: nothing has been stored yet, so that everything can be encrypted from the beginning. */
  static async load(source: KeySource, isNew: boolean): Promise<EncryptionKeys> {
    const keys = new EncryptionKeys(source, await source.load());
    if (isNew && keys.ring.length === 0) await keys.addFirst();
    return keys;
  }

  get ring(): KeyRing {
    return this.current;
  }

  seal(storageKey: string, plain: Uint8Array): Uint8Array {
    const [key] = this.current;
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
    let opened = open(this.current, storageKey, value);
    if (opened.type === "unknownKey") {
      await this.reload();
      opened = open(this.current, storageKey, value);
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
    const next = [key, ...known];
    await this.source.save(next);
    this.current = next;
    return key.id;
  }

  /** Servers that start at the same time agree on one. */
  private async addFirst(): Promise<void> {
    try {
      await this.add();
    } catch (error) {
      await this.reload();
      if (this.current.length === 0) throw error;
    }
  }

  /** Caller must: know that no value names the keys that go. */
  async keepOnly(id: string): Promise<void> {
    const next = (await this.source.load()).filter((key) => key.id === id);
    await this.source.save(next);
    this.current = next;
  }

  guard(): Compare {
    return this.source.guard();
  }

  /** Whether keys have been added or dropped since `guard` was given; then they are known now. */
  async isOutdated(guard: Compare): Promise<boolean> {
    await this.reload();
    return JSON.stringify(this.source.guard()) !== JSON.stringify(guard);
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
