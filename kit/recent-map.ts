/**
 * A map of the newest entries: at most `limit`, at least the newest half of it. In two halves, of which the older one
 * goes as a whole: a Map that loses its first key at each write passes over all that are gone to find it.
 */
export class RecentMap<Key, Value> {
  private newer = new Map<Key, Value>();
  private older = new Map<Key, Value>();
  private readonly half: number;

  constructor(limit: number) {
    this.half = Math.ceil(limit / 2);
  }

  get(key: Key): Value | undefined {
    return this.newer.get(key) ?? this.older.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.newer.size >= this.half && !this.newer.has(key)) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(key, value);
  }

  delete(key: Key): void {
    this.newer.delete(key);
    this.older.delete(key);
  }
}
