import { encryptingStore } from "#control-plane/apiserver/storage/encryption/encrypting-store";
import type { KeySource } from "#control-plane/apiserver/storage/encryption/key-ring";
import { EncryptionKeys } from "#control-plane/apiserver/storage/encryption/keys";
import { Rotation } from "#control-plane/apiserver/storage/encryption/rotation";
import { NAMESPACES, objectKey } from "#control-plane/apiserver/storage/keys";
import type { Store } from "#control-plane/store/store";
import type { Log } from "#kit/log";

/** Encryption at rest of one server: the store to use, and what turns its keys over. */
export interface Encryption {
  /** Values are plain above it, encrypted below it. */
  readonly store: Store;
  readonly rotation: Rotation;
}

/**
 * A store without objects is encrypted from the beginning. One that was used without encryption stays readable and
 * is encrypted by the first rotation.
 */
export async function openEncryption(
  store: Store,
  source: KeySource,
  log: Log,
): Promise<Encryption> {
  const { keyValue } = await store.get(objectKey(NAMESPACES, undefined, "kube-system"));
  const keys = await EncryptionKeys.load(source, keyValue === undefined);
  if (keys.ring.length === 0) {
    const advice = "`kaji encryption rotate` makes a key and encrypts them";
    log.warn("Secrets are written to the store as they are: there is no key", { advice });
  }
  const above = encryptingStore(store, keys, log);
  return { store: above, rotation: new Rotation({ below: store, above, keys, log }) };
}
