/** One `WWW-Authenticate` challenge (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** "basic", "bearer" */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[A-Za-z0-9!#$%&'*+.^_`|~-]+/y;
const PARAMETER = /\s*,?\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;

export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  while (at < header.length) {
    at = skipSeparators(header, at);
    TOKEN.lastIndex = at;
    const scheme = TOKEN.exec(header)?.[0];
    if (!scheme) break;
    at = TOKEN.lastIndex;
    const parameters: Record<string, string> = {};
    for (;;) {
      PARAMETER.lastIndex = at;
      const match = PARAMETER.exec(header);
      if (!match) break;
      at = PARAMETER.lastIndex;
      parameters[(match[1] ?? "").toLowerCase()] =
        match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "";
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
  return challenges;
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text[at] ?? "")) at++;
  return at;
}
