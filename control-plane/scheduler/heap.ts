/** A priority queue: `pop` gives the item before which no other goes. */
export class Heap<T> {
  private items: T[] = [];
  private readonly goesBefore: (a: T, b: T) => boolean;

  constructor(goesBefore: (a: T, b: T) => boolean) {
    this.goesBefore = goesBefore;
  }

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.goesBefore(item, items[parent] as T)) break;
      items[at] = items[parent] as T;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.sink(last as T);
    return first;
  }

  /** Keeps those for which `isKept` holds, and puts them in order anew. */
  rebuild(isKept: (item: T) => boolean): void {
    const kept = this.items.filter(isKept);
    this.items = [];
    for (const item of kept) this.push(item);
  }

  private sink(item: T): void {
    const { items } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && this.goesBefore(items[right] as T, items[child] as T))
        child = right;
      if (!this.goesBefore(items[child] as T, item)) break;
      items[at] = items[child] as T;
      at = child;
    }
    items[at] = item;
  }
}
