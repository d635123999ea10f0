import type { Store, WatchBatch } from "#control-plane/store/store";

/** Short words for what the store contract does over and over. */

export async function put(store: Store, key: string, value: string): Promise<number> {
  const then = [{ type: "put", key, value: bytes(value) }] as const;
  return (await store.txn({ compare: [], then })).revision;
}

export async function putWith(store: Store, key: string, lease: string): Promise<void> {
  await store.txn({ compare: [], then: [{ type: "put", key, value: bytes("1"), lease }] });
}

export async function remove(store: Store, key: string): Promise<number> {
  return (await store.txn({ compare: [], then: [{ type: "delete", key }] })).revision;
}

export async function take(watch: AsyncIterable<WatchBatch>, count: number): Promise<WatchBatch[]> {
  const taken: WatchBatch[] = [];
  for await (const batch of watch) {
    taken.push(batch);
    if (taken.length === count) break;
  }
  return taken;
}

export async function drain(watch: AsyncIterator<WatchBatch>): Promise<void> {
  while (!(await watch.next()).done);
}

export function watchOf(prefix: string, fromRevision?: number) {
  const signal = new AbortController().signal;
  return fromRevision === undefined ? { prefix, signal } : { prefix, fromRevision, signal };
}

export function key(i: number): string {
  return `/k/${String(i).padStart(4, "0")}`;
}

export function bytes(value: string): Uint8Array {
  return Buffer.from(value);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString();
}

/** Buffers become byte arrays. */
export function plain(batches: readonly unknown[]): unknown {
  return structuredClone(batches);
}
