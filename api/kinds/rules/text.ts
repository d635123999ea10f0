/** "app=web,tier=front" sorted by key, or "<none>": how tables show labels. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  return pairs.map(([key, value]) => `${key}=${value}`).join(",") || "<none>";
}

const MAX_SHOWN = 3;

/** The first three, and how many more there are: "a,b,c + 2 more...". */
export function formatFew(items: readonly string[], whenEmpty: string): string {
  if (items.length === 0) return whenEmpty;
  const shown = items.slice(0, MAX_SHOWN).join(",");
  return items.length > MAX_SHOWN ? `${shown} + ${items.length - MAX_SHOWN} more...` : shown;
}
