/**
 * Words and variables as the Dockerfile reference defines them: quotes group and are removed, `$name`,
 * `${name}`, `${name:-default}` and `${name:+alternative}` are replaced outside single quotes.
 */
export type Variables = (name: string) => string | undefined;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Separate words, expanded and without their quotes. */
export function splitWords(text: string, variables: Variables, escape = "\\"): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) break;
    const word = readWord(text, at, variables, escape, true);
    words.push(word.value);
    at = word.next;
  }
  return words;
}

/** The whole text as one word. */
export function expandText(text: string, variables: Variables, escape = "\\"): string {
  return readWord(text, 0, variables, escape, false).value;
}

/** Variables only, quotes stay: the body of a heredoc. */
export function expandVariables(text: string, variables: Variables): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] === "\\" && text[at + 1] === "$") {
      result += "$";
      at += 2;
    } else if (text[at] === "$") {
      const expanded = readVariable(text, at, variables);
      result += expanded.value;
      at = expanded.next;
    } else result += text[at++];
  }
  return result;
}

interface Read {
  readonly value: string;
  readonly next: number;
}

function readWord(
  text: string,
  start: number,
  variables: Variables,
  escape: string,
  stopsAtSpace: boolean,
): Read {
  let value = "";
  let quote = "";
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (quote === "" && stopsAtSpace && /\s/.test(char)) break;
    if (quote !== "'" && char === escape && at + 1 < text.length) {
      const next = text[at + 1] ?? "";
      // Inside double quotes only these are escaped; elsewhere the backslash belongs to the text.
      value += quote === '"' && !['"', "$", escape].includes(next) ? escape + next : next;
      at += 2;
    } else if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
      at++;
    } else if (quote !== "" && char === quote) {
      quote = "";
      at++;
    } else if (char === "$" && quote !== "'") {
      const expanded = readVariable(text, at, variables);
      value += expanded.value;
      at = expanded.next;
    } else {
      value += char;
      at++;
    }
  }
  if (quote !== "") throw new Error(`a quote (${quote}) is not closed`);
  return { value, next: at };
}

function readVariable(text: string, dollar: number, variables: Variables): Read {
  const isBraced = text[dollar + 1] === "{";
  NAME.lastIndex = dollar + (isBraced ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  if (!name) {
    if (isBraced) throw new Error("bad substitution: ${ without a name");
    return { value: "$", next: dollar + 1 };
  }
  const after = NAME.lastIndex;
  const known = variables(name);
  if (!isBraced) return { value: known ?? "", next: after };
  const end = closingBrace(text, after);
  const modifier = text.slice(after, end);
  return { value: modified(name, known, modifier, variables), next: end + 1 };
}

function modified(
  name: string,
  known: string | undefined,
  modifier: string,
  variables: Variables,
): string {
  if (modifier === "") return known ?? "";
  const [, colon, operator, word = ""] = /^(:?)([-+?])([\s\S]*)$/.exec(modifier) ?? [];
  if (!operator) throw new Error(`unsupported modifier (${modifier}) in substitution of ${name}`);
  const isSet = colon ? known !== undefined && known !== "" : known !== undefined;
  const alternative = (): string => expandVariables(word, variables);
  if (operator === "-") return isSet ? (known ?? "") : alternative();
  if (operator === "+") return isSet ? alternative() : "";
  if (!isSet) throw new Error(`${name}: ${alternative() || "is not set"}`);
  return known ?? "";
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{" && text[at - 1] === "$") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  throw new Error("bad substitution: } is missing");
}
