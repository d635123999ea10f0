import type { Parsed } from "#ingress/annotations/values";

/**
 * Regular expressions of users, as far as they cannot hurt: matched by PCRE in nginx's workers, against text that a
 * client chooses, with a limit of steps (`lua_regex_match_limit`). What makes a match costly beyond its length, or
 * does more than match, is refused by name.
 */
const MAX_LENGTH = 512;
const MAX_GROUPS = 20;
const MAX_REPEATS = 256;

const refusals: readonly (readonly [RegExp, string])[] = [
  [/[^\x20-\x7e]/, "a character that is not printable ASCII"],
  [/\(\*/, "a control verb (*...)"],
  [/\(\?(?!:|i\)|=|!)/, "a group other than (...), (?:...), (?=...), (?!...) and (?i)"],
  [/\\[1-9gk]/, "a back reference"],
  [/\\[CcNQEPpXKGRxLlUuo]/, "an escape that not every program reads alike"],
  [/[*+}]\)?[*+]|\}\{/, "a repetition of a repetition"],
];

/** What is between brackets, and escaped characters, say nothing of the structure. */
function structureOf(text: string): string {
  return text.replace(/\\[^1-9gkCcNQEPpXKGRxLlUuo]/g, "_").replace(/\[\^?\]?[^\]]*\]/g, "_");
}

export function regex(text: string): Parsed {
  if (text.length > MAX_LENGTH) return { problem: `is longer than ${MAX_LENGTH} characters` };
  // PCRE refuses "[:alpha:]", and what it refuses would be answered with 400.
  if (/\[[:.=]/.test(text)) return { problem: "has a POSIX class, which is not supported" };
  const structure = structureOf(text);
  for (const [pattern, what] of refusals) {
    if (pattern.test(structure)) return { problem: `has ${what}, which is not supported` };
  }
  if ((structure.match(/\((?!\?)/g)?.length ?? 0) > MAX_GROUPS) {
    return { problem: `has more than ${MAX_GROUPS} groups` };
  }
  for (const [, least = "0", most = "0"] of structure.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    if (Math.max(Number(least), Number(most)) > MAX_REPEATS) {
      return { problem: `repeats something more than ${MAX_REPEATS} times` };
    }
  }
  try {
    // JavaScript has no (?i) at the beginning; ours ignore case anyhow.
    void new RegExp(text.replace(/^\(\?i\)/, ""));
  } catch (error) {
    return { problem: `is not a regular expression: ${(error as Error).message}` };
  }
  return { value: text.replace(/^\(\?i\)/, "") };
}
