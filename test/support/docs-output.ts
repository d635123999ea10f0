/**
 * Whether a command printed what its page shows. What differs from run to run stands for its like: ages and durations,
 * dates, addresses, digests, uids, the generated ends of names, and how far columns are apart. `...` stands for
 * anything, within a line or for lines.
 */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, "<uid>"],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, "<time>"],
  [/\bsha256:[0-9a-f]{12,}\b/g, "<digest>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "<address>"],
  [/(?<=[a-z0-9])-[0-9a-z]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "-<id>"],
  [/(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "-<id>"],
  [/(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, "-<id>"],
  [/\b\d+(?:\.\d+)?(?:ms|[dhms])(?:\d+(?:ms|[hms]))?\b/g, "<duration>"],
  [/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "<duration>"],
  [/\s+/g, " "],
];

export function printsAsShown(shown: string, printed: string): boolean {
  return matches(linesOf(shown), linesOf(printed));
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => VARYING.reduce((so, [pattern, name]) => so.replace(pattern, name), line).trim())
    .filter((line) => line !== "");
}

function matches(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first === "...")
    return printed.some((_, at) => matches(rest, printed.slice(at))) || rest.length === 0;
  return printed[0] !== undefined && isLine(first, printed[0]) && matches(rest, printed.slice(1));
}

function isLine(shown: string, printed: string): boolean {
  const parts = shown.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(printed);
}
