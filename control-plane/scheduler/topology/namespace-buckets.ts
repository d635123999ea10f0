/** Things that belong to one namespace, or to several (undefined), found by the namespace they can concern. */
export class NamespaceBuckets<T> {
  private readonly buckets = new Map<string | undefined, Set<T>>();
  private readonly changes = new Map<string | undefined, number>();

  add(namespace: string | undefined, item: T): void {
    const bucket = this.buckets.get(namespace);
    if (bucket) bucket.add(item);
    else this.buckets.set(namespace, new Set([item]));
    this.touch(namespace);
  }

  delete(namespace: string | undefined, item: T): void {
    const bucket = this.buckets.get(namespace);
    if (!bucket?.delete(item)) return;
    if (bucket.size === 0) this.buckets.delete(namespace);
    this.touch(namespace);
  }

  /** Those of this namespace and those of several; all there are for undefined. */
  *in(namespace: string | undefined): Generator<T, void, undefined> {
    if (namespace === undefined) {
      for (const bucket of this.buckets.values()) yield* bucket;
      return;
    }
    yield* this.buckets.get(namespace) ?? [];
    yield* this.buckets.get(undefined) ?? [];
  }

  /** Grows whenever what `in` gives for this namespace may have changed. */
  version(namespace: string): number {
    return (this.changes.get(namespace) ?? 0) + (this.changes.get(undefined) ?? 0);
  }

  /** What is known of everything in it is void. */
  touch(namespace: string | undefined): void {
    this.changes.set(namespace, (this.changes.get(namespace) ?? 0) + 1);
  }
}
