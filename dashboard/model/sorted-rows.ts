/**
 * Rows in an order that follows their changes: a turn costs what changed, and one pass over the rest, where a sort of
 * 10,000 names would take longer than a frame.
 *
 * Caller must: give a changed row as another object, never change one, and keep the order of those that stay.
 */
export class SortedRows<T> {
  private sorted: readonly T[] = [];
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  /** Among equals, the order in which the rows are given. */
  update(rows: readonly T[]): readonly T[] {
    const rank = new Map(rows.map((row, at) => [row, at]));
    const order = (a: T, b: T): number =>
      this.compare(a, b) || (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
    const kept = this.sorted.filter((row) => rank.has(row));
    const known = new Set(kept);
    const fresh = rows.filter((row) => !known.has(row)).sort(order);
    this.sorted = fresh.length === 0 ? kept : merged(kept, fresh, order);
    return this.sorted;
  }
}

/** Both are sorted. */
function merged<T>(kept: readonly T[], fresh: readonly T[], order: (a: T, b: T) => number): T[] {
  const all: T[] = [];
  let from = 0;
  for (const row of fresh) {
    const at = placeOf(row, kept, from, order);
    for (; from < at; from++) all.push(kept[from] as T);
    all.push(row);
  }
  for (; from < kept.length; from++) all.push(kept[from] as T);
  return all;
}

/** Where it belongs among those from `low` on. */
function placeOf<T>(
  row: T,
  kept: readonly T[],
  low: number,
  order: (a: T, b: T) => number,
): number {
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(kept[middle] as T, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
