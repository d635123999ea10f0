/**
 * Sets of completion indexes as Job status and success policies write them: "1,3-5,7". Ascending, ranges of
 * two or more joined by a dash (Kubernetes writes a pair as "3,4").
 */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    const [first, last] = [sorted[at], sorted[end]];
    if (end - at >= 2) parts.push(`${first}-${last}`);
    else parts.push(...sorted.slice(at, end + 1).map(String));
    at = end + 1;
  }
  return parts.join(",");
}

/** The indexes below `completions`. What is no index is left out: status is written by the controller alone. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? "").split(",").filter(Boolean)) {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    for (let index = first; index <= Math.min(last, completions - 1); index++) found.add(index);
  }
  return found;
}

/** Why a user's set of indexes is refused; undefined when it is well formed. */
export function indexesProblem(text: string, completions: number): string | undefined {
  let previous = -1;
  for (const part of text.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return `cannot convert string to integer for index: "${part}"`;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (first <= previous) return `non-increasing order, previous: ${previous}, current: ${first}`;
    if (last < first) return `non-increasing order, previous: ${first}, current: ${last}`;
    if (last >= completions) return `too large index: "${last}"`;
    previous = last;
  }
  return undefined;
}
