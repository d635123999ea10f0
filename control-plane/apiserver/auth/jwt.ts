import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** JSON Web Tokens with ES256, the one algorithm that this server signs with and accepts. */
export interface JwtKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly keyId: string;
}

export function jwtKeysOf(privateKey: KeyObject): JwtKeys {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: "spki", format: "der" });
  return { privateKey, publicKey, keyId: createHash("sha256").update(der).digest("base64url") };
}

export function signJwt(keys: JwtKeys, claims: object): string {
  const header = { alg: "ES256", kid: keys.keyId };
  const signed = `${encode(header)}.${encode(claims)}`;
  const key = { key: keys.privateKey, dsaEncoding: "ieee-p1363" as const };
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

/** The claims of a token that these keys signed, or undefined; expiry is the caller's to check. */
export function verifyJwt(keys: JwtKeys, token: string): unknown {
  const [header, payload, signature, ...more] = token.split(".");
  if (!header || !payload || !signature || more.length > 0) return undefined;
  const decodedHeader = decode(header) as { alg?: unknown; kid?: unknown } | undefined;
  if (decodedHeader?.alg !== "ES256" || decodedHeader.kid !== keys.keyId) return undefined;
  const key = { key: keys.publicKey, dsaEncoding: "ieee-p1363" as const };
  const signed = Buffer.from(`${header}.${payload}`);
  const isValid = verify("sha256", signed, key, Buffer.from(signature, "base64url"));
  return isValid ? decode(payload) : undefined;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return undefined; // not JSON: the same as a token of someone else
  }
}
