/** How the items of a merged list are put in order. */
export interface MergeList {
  readonly items: readonly unknown[];
  /** The wanted order: items, or only their keys. */
  readonly order: readonly unknown[];
  /** The list before the patch: its order breaks ties. */
  readonly live: readonly unknown[];
  /** Absent for lists of scalars, which are their own keys. */
  readonly mergeKey: string | undefined;
}

export function itemKey(item: unknown, mergeKey?: string): unknown {
  if (mergeKey === undefined || typeof item !== "object" || item === null) return item;
  return (item as Record<string, unknown>)[mergeKey];
}

/**
 * Items named by `order` stand in that order, the others in live order; the two are then merged, an other
 * item going before the first named one that follows it in the live list.
 */
export function mergeSortedByOrder({ items, order, live, mergeKey }: MergeList): unknown[] {
  const places = placesOf(order, mergeKey);
  const livePlaces = placesOf(live, mergeKey);
  const place = (item: unknown): number | undefined => places.get(itemKey(item, mergeKey));
  const livePlace = (item: unknown): number | undefined => livePlaces.get(itemKey(item, mergeKey));
  const named = items
    .filter((item) => place(item) !== undefined)
    .sort((a, b) => (place(a) ?? 0) - (place(b) ?? 0));
  const others = items
    .filter((item) => place(item) === undefined)
    .sort((a, b) => (livePlace(a) ?? items.length) - (livePlace(b) ?? items.length));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const limit = livePlace(item);
    for (; next < others.length; next++) {
      const at = livePlace(others[next]);
      if (limit === undefined || at === undefined || at >= limit) break;
      result.push(others[next]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

function placesOf(list: readonly unknown[], mergeKey: string | undefined): Map<unknown, number> {
  const places = new Map<unknown, number>();
  list.forEach((item, index) => {
    const key = itemKey(item, mergeKey);
    if (!places.has(key)) places.set(key, index);
  });
  return places;
}
