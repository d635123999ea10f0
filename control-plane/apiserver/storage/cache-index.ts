import type { KubeObject } from "#api/machinery/meta";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";

/**
 * The objects of one kind by a value that they have, such as namespaces by their tenant. Follows its watch cache:
 * what is written there is seen here before anyone can ask.
 * Invariant: `byValue` holds exactly the objects of the cache, each once under every one of its values; no entry
 * is empty.
 */
export class CacheIndex {
  private readonly cache: WatchCache;
  private readonly valuesOf: (object: KubeObject) => readonly string[];
  private readonly byValue = new Map<string, Map<string, KubeObject>>();

  constructor(cache: WatchCache, valuesOf: (object: KubeObject) => readonly string[]) {
    this.cache = cache;
    this.valuesOf = valuesOf;
    this.follow();
  }

  with(value: string): KubeObject[] {
    return [...(this.byValue.get(value)?.values() ?? [])];
  }

  /** A cache that starts over ends its subscriptions; the index starts over with it. */
  private follow(): void {
    this.byValue.clear();
    for (const stored of this.cache.range(undefined)) this.add(stored);
    this.cache.subscribe({
      push: ({ type, current, previous }) => {
        if (previous) this.remove(previous);
        if (type !== "DELETED") this.add(current);
      },
      cutOff: () => this.follow(),
    });
  }

  private add({ key, object }: StoredObject): void {
    for (const value of this.valuesOf(object)) {
      const entry = this.byValue.get(value) ?? new Map<string, KubeObject>();
      this.byValue.set(value, entry.set(key, object));
    }
  }

  private remove({ key, object }: StoredObject): void {
    for (const value of this.valuesOf(object)) {
      const entry = this.byValue.get(value);
      entry?.delete(key);
      if (entry?.size === 0) this.byValue.delete(value);
    }
  }
}
