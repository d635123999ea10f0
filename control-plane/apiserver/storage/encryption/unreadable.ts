/** Why an object has no data: its stored value could not be decrypted. */
const UNREADABLE_ANNOTATION = "kaji.dev/unreadable";

/** Stands for a Secret whose stored value does not open, so that it can be seen and deleted. */
export function unreadableObject(storageKey: string, why: string): Uint8Array {
  const [namespace, name] = storageKey.split("/").slice(-2);
  const annotations = { [UNREADABLE_ANNOTATION]: why };
  return Buffer.from(
    JSON.stringify({
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name, namespace, annotations },
      type: "Opaque",
    }),
  );
}
