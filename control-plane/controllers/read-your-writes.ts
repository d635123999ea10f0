import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { InformerChange } from "#client/informer";
import type { Caches } from "#control-plane/controllers/controller";
import type { Clock } from "#kit/clock";

/** A write that the API server has accepted. */
export interface Written {
  readonly kind: Kind;
  readonly key: string;
  readonly uid: string | undefined;
  readonly type: "create" | "change" | "delete";
  /** The revision that it made; 0 for a deletion. */
  readonly revision: number;
}

export function writtenObject(kind: Kind, type: "create" | "change", made: KubeObject): Written {
  return { kind, key: keyOf(made), uid: made.metadata.uid, type, revision: revisionOf(made) };
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
    const stops: (() => void)[] = [];
    const finish = (): void => {
      cancel();
      for (const stop of stops) stop();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(MAX_WAIT_MS, finish);
    signal.addEventListener("abort", finish, { once: true });
    const look = (kind: Kind, change: InformerChange<KubeObject>): void => {
      for (const write of left) {
        if (write.kind === kind && (isSeen(write, change) || isCached(write, caches))) {
          left.delete(write);
        }
      }
      if (left.size === 0) finish();
    };
    for (const kind of new Set(missing.map((write) => write.kind))) {
      stops.push(listen(kind, caches, look));
    }
  });
}

type Wait = (change: InformerChange<KubeObject>) => void;

/** One listener per informer for good (informers have no unsubscribe); waits come and go. */
const waits = new WeakMap<object, Set<Wait>>();

function listen(
  kind: Kind,
  caches: Caches,
  look: (kind: Kind, change: InformerChange<KubeObject>) => void,
): () => void {
  const informer = caches.informer(kind);
  let set = waits.get(informer);
  if (!set) {
    const made = new Set<Wait>();
    waits.set(informer, made);
    set = made;
    informer.onChange((change) => {
      for (const wait of [...made]) wait(change);
    });
  }
  const wait: Wait = (change) => look(kind, change);
  set.add(wait);
  return () => set.delete(wait);
}

function isCached({ kind, key, uid, type, revision }: Written, caches: Caches): boolean {
  const cached = caches.get(kind, key);
  const isSame = cached !== undefined && (!uid || cached.metadata.uid === uid);
  // Absent, or replaced: what was there is gone. Only what was just made may not have come yet.
  if (!isSame) return type !== "create";
  if (type === "delete") return cached.metadata.deletionTimestamp !== undefined;
  return revisionOf(cached) >= revision;
}

/** Made, and gone again before anybody looked. */
function isSeen({ key, uid }: Written, { previous, current }: InformerChange<KubeObject>): boolean {
  return (
    !current && previous !== undefined && keyOf(previous) === key && previous.metadata.uid === uid
  );
}

/** resourceVersion is the store's revision, one counter for all: Kaji's own server may compare it. */
function revisionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
