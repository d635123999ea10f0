import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

/**
 * Text under a passphrase: AES-256-GCM with a key by scrypt (RFC 7914), so that guessing a weak passphrase costs.
 * Whoever changes one bit of a box, or opens it with another passphrase, gets nothing.
 */
interface Box {
  readonly version: 1;
  /** Base64. */
  readonly salt: string;
  readonly nonce: string;
  readonly tag: string;
  readonly sealed: string;
}

const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 32 * 1024 * 1024 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const CIPHER = "aes-256-gcm";

export async function seal(text: string, passphrase: string): Promise<Uint8Array> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, await keyFrom(passphrase, salt), nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const box: Box = {
    version: 1,
    salt: salt.toString("base64"),
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    sealed: sealed.toString("base64"),
  };
  return Buffer.from(JSON.stringify(box));
}

/** undefined: the passphrase is not the one it was sealed with. Throws when it is no box of this version. */
export async function open(bytes: Uint8Array, passphrase: string): Promise<string | undefined> {
  const box = JSON.parse(Buffer.from(bytes).toString()) as Partial<Box>;
  if (box.version !== 1) throw new Error(`a sealed box of version ${String(box.version)}`);
  const { salt, nonce, tag, sealed } = box as Box;
  const key = await keyFrom(passphrase, Buffer.from(salt, "base64"));
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(Buffer.from(tag, "base64"));
  const text = decipher.update(Buffer.from(sealed, "base64"));
  try {
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    // The tag does not fit: another passphrase, or another's bytes.
    return undefined;
  }
}

function keyFrom(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, KEY_BYTES, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
