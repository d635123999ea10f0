import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Caches } from "#control-plane/controllers/controller";
import type { Clock } from "#kit/clock";

/** A write that the API server has accepted; `made` undefined: a deletion. */
export interface Written {
  readonly kind: Kind;
  readonly key: string;
  readonly made: KubeObject | undefined;
}

/** The longest wait for a cache: a deletion may be held by a finalizer, a watch may be reconnecting. */
const MAX_WAIT_MS = 5_000;

/** Resolves when the caches show every write (or something newer), or after MAX_WAIT_MS. */
export async function untilCached(
  written: readonly Written[],
  { caches, clock, signal }: { caches: Caches; clock: Clock; signal: AbortSignal },
): Promise<void> {
  const missing = written.filter((write) => !isCached(write, caches));
  if (missing.length === 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const left = new Set(missing);
    const listeners = new Map<Kind, () => void>();
    const finish = (): void => {
      cancel();
      for (const stop of listeners.values()) stop();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(MAX_WAIT_MS, finish);
    signal.addEventListener("abort", finish, { once: true });
    const look = (kind: Kind, key: string): void => {
      for (const write of left) {
        if (write.kind === kind && write.key === key && isCached(write, caches)) left.delete(write);
      }
      if (left.size === 0) finish();
    };
    for (const { kind } of missing) {
      if (!listeners.has(kind)) listeners.set(kind, listenOnce(kind, caches, look));
    }
  });
}

/** One listener per informer for good (informers have no unsubscribe); waits come and go. */
const waits = new WeakMap<object, Set<(key: string) => void>>();

function listenOnce(
  kind: Kind,
  caches: Caches,
  look: (kind: Kind, key: string) => void,
): () => void {
  const informer = caches.informer(kind);
  let set = waits.get(informer);
  if (!set) {
    const made = new Set<(key: string) => void>();
    waits.set(informer, made);
    set = made;
    informer.onChange(({ previous, current }) => {
      const object = current ?? previous;
      if (object) for (const wait of [...made]) wait(keyOf(object));
    });
  }
  const wait = (key: string): void => look(kind, key);
  set.add(wait);
  return () => set.delete(wait);
}

function isCached({ kind, key, made }: Written, caches: Caches): boolean {
  const cached = caches.get(kind, key);
  if (!made) return !cached || cached.metadata.deletionTimestamp !== undefined;
  return cached !== undefined && revisionOf(cached) >= revisionOf(made);
}

/** resourceVersion is the store's revision, one counter for all: Kaji's own server may compare it. */
function revisionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
