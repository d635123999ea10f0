import { createHash } from "node:crypto";
import { open, seal } from "#control-plane/apiserver/storage/encryption/envelope";
import {
  type KeySource,
  makeKey,
  parseRing,
  ringText,
} from "#control-plane/apiserver/storage/encryption/key-ring";
import type { Store } from "#control-plane/store/store";

/** Outside of every kind: no API request reaches it. */
export const KEYS_KEY = "/kaji/encryption-keys";

/**
 * Keys in the store itself, for servers that share one, sealed with a secret that all of them have and the store has
 * not: the private key of the cluster's CA.
 */
export function storedKeys(store: Store, sharedSecret: string): KeySource {
  const sealing = makeKey(
    createHash("sha256").update("kaji key of keys\0").update(sharedSecret).digest(),
  );
  const description = "the keys that the servers share (sealed with the cluster's ca.key)";
  return {
    description,
    async load() {
      const { keyValue } = await store.get(KEYS_KEY);
      const guard = { key: KEYS_KEY, modRevision: keyValue?.modRevision ?? 0 };
      if (!keyValue) return { ring: [], guard };
      const opened = open([sealing], KEYS_KEY, keyValue.value);
      if (opened.type === "plain") {
        return { ring: parseRing(Buffer.from(opened.value).toString(), description), guard };
      }
      throw new Error(
        "the keys of encryption at rest are sealed with another ca.key than this server has: copy pki/ca.key from a server of this cluster, or restore a backup",
      );
    },
    async save(ring, known) {
      const value = seal(sealing, KEYS_KEY, Buffer.from(ringText(ring)));
      const { succeeded, revision } = await store.txn({
        compare: [known.guard],
        then: [{ type: "put", key: KEYS_KEY, value }],
      });
      return succeeded ? { ring, guard: { key: KEYS_KEY, modRevision: revision } } : undefined;
    },
  };
}
