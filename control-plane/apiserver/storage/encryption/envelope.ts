import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { EncryptionKey, KeyRing } from "#control-plane/apiserver/storage/encryption/key-ring";

/**
 * One encrypted value: the prefix with the key's id, a random seed, the ciphertext and its tag. Each write has a data
 * key and nonce of its own, derived from the key and the seed (the expand step of HKDF-SHA512, RFC 5869: one block is
 * enough), and is encrypted by AES-256-GCM with the storage key as associated data: a value that is moved to another
 * key, or changed, does not open.
 */
const PREFIX = Buffer.from("k8s:enc:aesgcm:v1:");
const SEED_BYTES = 32;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const CIPHER_KEY_BYTES = 32;
const MAX_ID_BYTES = 64;
const COLON = 0x3a;
/** What the bytes are for, and the number of the block. */
const INFO = Buffer.from("kaji value\x01");

export function seal(key: EncryptionKey, storageKey: string, plain: Uint8Array): Uint8Array {
  const seed = randomBytes(SEED_BYTES);
  const { cipherKey, nonce } = derive(key, seed);
  const cipher = createCipheriv("aes-256-gcm", cipherKey, nonce);
  cipher.setAAD(Buffer.from(storageKey));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([PREFIX, Buffer.from(`${key.id}:`), seed, body, cipher.getAuthTag()]);
}

export type Opened =
  | { readonly type: "plain"; readonly value: Uint8Array }
  /** Of an installation that did not encrypt. */
  | { readonly type: "unencrypted"; readonly value: Uint8Array }
  | { readonly type: "unknownKey"; readonly keyId: string }
  /** Changed, cut short, or moved from another storage key. */
  | { readonly type: "damaged"; readonly keyId: string };

export function open(ring: KeyRing, storageKey: string, value: Uint8Array): Opened {
  const keyId = keyIdOf(value);
  if (keyId === undefined) return { type: "unencrypted", value };
  const key = ring.find(({ id }) => id === keyId);
  if (!key) return { type: "unknownKey", keyId };
  const sealed = view(value).subarray(PREFIX.length + keyId.length + 1);
  if (sealed.length < SEED_BYTES + TAG_BYTES) return { type: "damaged", keyId };
  const { cipherKey, nonce } = derive(key, sealed.subarray(0, SEED_BYTES));
  const decipher = createDecipheriv("aes-256-gcm", cipherKey, nonce);
  decipher.setAAD(Buffer.from(storageKey));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const start = decipher.update(sealed.subarray(SEED_BYTES, sealed.length - TAG_BYTES));
  try {
    return { type: "plain", value: Buffer.concat([start, decipher.final()]) };
  } catch {
    return { type: "damaged", keyId }; // the tag does not fit: nothing of it may be used
  }
}

/** The key that a value was encrypted with; undefined: it is not encrypted. */
export function keyIdOf(value: Uint8Array): string | undefined {
  const bytes = view(value);
  if (!bytes.subarray(0, PREFIX.length).equals(PREFIX)) return undefined;
  const end = bytes.indexOf(COLON, PREFIX.length);
  const isBounded = end >= 0 && end - PREFIX.length <= MAX_ID_BYTES;
  return isBounded ? bytes.toString("utf8", PREFIX.length, end) : "";
}

function derive({ secret }: EncryptionKey, seed: Uint8Array): { cipherKey: Buffer; nonce: Buffer } {
  const bytes = createHmac("sha512", secret).update(seed).update(INFO).digest();
  return {
    cipherKey: bytes.subarray(0, CIPHER_KEY_BYTES),
    nonce: bytes.subarray(CIPHER_KEY_BYTES, CIPHER_KEY_BYTES + NONCE_BYTES),
  };
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
