import type { KubeObject } from "#api/machinery/meta";
import { keyOf } from "#api/machinery/meta";
import type { InformerChange, Lister } from "#client/informer";
import { invariant } from "#kit/invariant";

export type IndexFunction<T> = (object: T) => readonly string[];

/**
 * Owns the objects of one kind by key, and the indexes over them. Pure: it is told what changed and says
 * which changes others should hear of.
 *
 * Invariants:
 * - An index holds exactly the objects of the cache, under the values its function gives.
 * - An object never goes back to an older resourceVersion except by `replace`.
 */
export class InformerCache<T extends KubeObject> implements Lister<T> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Index<T>>();
  private snapshot: readonly T[] | undefined;

  constructor() {
    this.addIndex(BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""]);
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): readonly T[] {
    this.snapshot ??= [...this.objects.values()];
    return this.snapshot;
  }

  inNamespace(namespace: string): readonly T[] {
    return this.byIndex(BY_NAMESPACE, namespace);
  }

  byIndex(name: string, value: string): readonly T[] {
    const index = this.indexes.get(name);
    invariant(index, `there is no index "${name}"; call addIndex first`);
    return [...(index.buckets.get(value)?.values() ?? [])];
  }

  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    invariant(!this.indexes.has(name), `the index "${name}" exists already`);
    const index: Index<T> = { valuesOf, buckets: new Map() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) enter(index, key, object);
  }

  /** undefined: nothing new (a repeated or an older event). */
  put(object: T): InformerChange<T> | undefined {
    const previous = this.objects.get(keyOf(object));
    if (previous && previous.metadata.uid === object.metadata.uid && !isNewer(object, previous)) {
      return undefined;
    }
    return this.set(object, previous);
  }

  remove(object: T): InformerChange<T> | undefined {
    return this.removeKey(keyOf(object));
  }

  /** After a list: the changes that lead from what was known to what is, deletions included. */
  replace(objects: readonly T[]): InformerChange<T>[] {
    const changes: InformerChange<T>[] = [];
    const known = new Set(objects.map(keyOf));
    for (const key of Array.from(this.objects.keys())) {
      const change = known.has(key) ? undefined : this.removeKey(key);
      if (change) changes.push(change);
    }
    for (const object of objects) {
      const previous = this.objects.get(keyOf(object));
      const isSame =
        previous?.metadata.uid === object.metadata.uid &&
        previous?.metadata.resourceVersion === object.metadata.resourceVersion;
      if (!previous || !isSame) changes.push(this.set(object, previous));
    }
    return changes;
  }

  private set(object: T, previous: T | undefined): InformerChange<T> {
    const key = keyOf(object);
    for (const index of this.indexes.values()) {
      if (previous) leave(index, key, previous);
      enter(index, key, object);
    }
    this.objects.set(key, object);
    this.snapshot = undefined;
    return { previous, current: object };
  }

  private removeKey(key: string): InformerChange<T> | undefined {
    const previous = this.objects.get(key);
    if (!previous) return undefined;
    for (const index of this.indexes.values()) leave(index, key, previous);
    this.objects.delete(key);
    this.snapshot = undefined;
    return { previous, current: undefined };
  }
}

interface Index<T> {
  readonly valuesOf: IndexFunction<T>;
  readonly buckets: Map<string, Map<string, T>>;
}

const BY_NAMESPACE = "namespace";

function enter<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) {
    const bucket = index.buckets.get(value);
    if (bucket) bucket.set(key, object);
    else index.buckets.set(value, new Map([[key, object]]));
  }
}

function leave<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) {
    const bucket = index.buckets.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) index.buckets.delete(value);
  }
}

/** Resource versions are decimal numbers that grow (Kubernetes 1.35 promises what has always been so). */
function isNewer(object: KubeObject, previous: KubeObject): boolean {
  return Number(object.metadata.resourceVersion) > Number(previous.metadata.resourceVersion);
}
