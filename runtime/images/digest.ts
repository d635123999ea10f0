import { createHash } from "node:crypto";
import { RuntimeError } from "#runtime/runtime";

/** "sha256:" and 64 hex digits: the only algorithm the store keeps. */
export type Digest = string;

const SHA256 = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): boolean {
  return SHA256.test(text);
}

/** Everything that becomes a file name goes through here, so that a digest can never be a path. */
export function hexOf(digest: Digest): string {
  if (!isDigest(digest)) {
    throw new RuntimeError("InvalidArgument", `"${digest}" is not a sha256 digest`);
  }
  return digest.slice("sha256:".length);
}

export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
