import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Informer } from "#client/informer";
import type { Informers } from "#client/shared-informers";

/**
 * When this process saw objects of one kind change or go, by its own clock: what others wrote into an object is
 * their clock's. Owns one time per object; forgets the oldest deletions beyond MAX_GONE.
 *
 * Invariant: a time is never before the object really changed, so whoever waits from it on waits long enough.
 */
export interface Sightings {
  /** undefined: not seen since these caches began. */
  changedMs(key: string): number | undefined;
  /** undefined: there, or gone before these caches began, or long ago. */
  goneMs(key: string): number | undefined;
}

/**
 * What a process sees while it does not lead, so that a leader's death does not make what fell silent with it seem
 * just heard. Time counts only while others are heard: when nobody is, it is the control plane that is ill.
 */
export interface EarlierSightings {
  /** How much longer ago than anybody else's its last change was; undefined: not seen, or changed since. */
  silentMs(object: KubeObject): number | undefined;
}

export function rememberSightings<T extends KubeObject>(
  informer: Pick<Informer<T>, "onChange">,
  now: () => number,
): EarlierSightings {
  const seen = new Map<string, { readonly resourceVersion: string; readonly atMs: number }>();
  let newestMs = 0;
  informer.onChange(({ previous, current }) => {
    if (current) {
      newestMs = now();
      const { resourceVersion = "" } = current.metadata;
      seen.set(keyOf(current), { resourceVersion, atMs: newestMs });
    } else if (previous) seen.delete(keyOf(previous));
  });
  return {
    silentMs(object) {
      const known = seen.get(keyOf(object));
      // What we saw last may be old itself: then the list that the term begins with is newer.
      if (known?.resourceVersion !== object.metadata.resourceVersion) return undefined;
      return known && newestMs - known.atMs;
    },
  };
}

const MAX_GONE = 10_000;

export function watchSightings<T extends KubeObject>(
  informers: Informers,
  kind: Kind<T>,
  now: () => number,
  earlier?: EarlierSightings,
): Sightings {
  const changed = new Map<string, number>();
  const gone = new Map<string, number>();
  informers.for(kind).onChange(({ previous, current }) => {
    if (current) {
      const silentMs = previous ? 0 : (earlier?.silentMs(current) ?? 0);
      changed.set(keyOf(current), now() - silentMs);
      gone.delete(keyOf(current));
    } else if (previous) {
      changed.delete(keyOf(previous));
      gone.set(keyOf(previous), now());
      const [oldest] = gone.keys();
      if (gone.size > MAX_GONE && oldest !== undefined) gone.delete(oldest);
    }
  });
  return { changedMs: (key) => changed.get(key), goneMs: (key) => gone.get(key) };
}
