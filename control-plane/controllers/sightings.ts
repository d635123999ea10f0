import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Informers } from "#client/shared-informers";

/**
 * When this process saw objects of one kind change or go, by its own clock: what others wrote into an object is
 * their clock's. Owns one time per object; forgets the oldest deletions beyond MAX_GONE.
 *
 * Invariant: a time is never before the object really changed, so whoever waits from it on waits long enough.
 */
export interface Sightings {
  /** undefined: not seen to change since these caches began. */
  changedMs(key: string): number | undefined;
  /** undefined: there, or gone before these caches began, or long ago. */
  goneMs(key: string): number | undefined;
}

const MAX_GONE = 10_000;

export function watchSightings<T extends KubeObject>(
  informers: Informers,
  kind: Kind<T>,
  now: () => number,
): Sightings {
  const changed = new Map<string, number>();
  const gone = new Map<string, number>();
  informers.for(kind).onChange(({ previous, current }) => {
    if (current) {
      changed.set(keyOf(current), now());
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
