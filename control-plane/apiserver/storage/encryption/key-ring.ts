import { createHash } from "node:crypto";
import type { Compare } from "#control-plane/store/store";

/**
 * The keys with which values are encrypted at rest. A key's id is derived from the key, so that an id with the wrong
 * key under it cannot be.
 */
export interface EncryptionKey {
  /** "k" and twelve hex digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** Writes take the first key; reads take the one that the value names. Empty: nothing is encrypted. */
export type KeyRing = readonly EncryptionKey[];

export const KEY_BYTES = 32;

/** A ring as it was saved. Invariant: ring and guard are of one moment; whoever takes one takes both. */
export interface SavedRing {
  readonly ring: KeyRing;
  /**
   * Holds as long as nobody has saved since. With it in the transaction of a write, no value can be written with a
   * key that another server has dropped.
   */
  readonly guard: Compare;
}

/** From where keys come: a place that all servers share (stored-keys.ts). */
export interface KeySource {
  /** For people, after "is not in". */
  readonly description: string;
  load(): Promise<SavedRing>;
  /** Durable when it resolves; undefined, and nothing is saved, when someone else has saved since `known`. */
  save(ring: KeyRing, known: SavedRing): Promise<SavedRing | undefined>;
}

export function makeKey(secret: Buffer): EncryptionKey {
  if (secret.length !== KEY_BYTES) {
    throw new Error(`an encryption key has ${KEY_BYTES} bytes, not ${secret.length}`);
  }
  const digest = createHash("sha256").update("kaji encryption key\0").update(secret).digest("hex");
  return { id: `k${digest.slice(0, 12)}`, secret };
}

/** One key a line, the one for writing first: ID BASE64. */
export function ringText(ring: KeyRing): string {
  const lines = ring.map(({ id, secret }) => `${id} ${secret.toString("base64")}\n`);
  return lines.join("");
}

export function parseRing(text: string, from: string): KeyRing {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, at) => {
    const [id = "", encoded = ""] = line.split(" ");
    const secret = Buffer.from(encoded, "base64");
    const key = secret.length === KEY_BYTES ? makeKey(secret) : undefined;
    if (key?.id === id) return key;
    throw new Error(
      `${from} are damaged: key ${id || at + 1} is not what its id says; restore a backup`,
    );
  });
}
