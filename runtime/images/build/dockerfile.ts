import { BuildError } from "#runtime/images/build/build-error";
import { instructionNames } from "#runtime/images/build/instruction-names";

/** One instruction of a Dockerfile, with continuations joined and comments gone. */
export interface Instruction {
  /** Upper case: "COPY". */
  readonly keyword: string;
  /** What follows the keyword and its flags. */
  readonly rest: string;
  /** `--from=build` is { name: "from", value: "build" }. */
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  readonly heredocs: readonly Heredoc[];
  /** One-based line where it begins. */
  readonly line: number;
  /** As one line, for people. */
  readonly text: string;
}

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** False when the name is quoted. */
  readonly expands: boolean;
}

export interface Dockerfile {
  readonly path: string;
  readonly escape: "\\" | "`";
  readonly instructions: readonly Instruction[];
}

const MAX_DOCKERFILE_BYTES = 1024 * 1024;
const HEREDOC = /<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_.]*)\2/g;
const FLAG = /^--([A-Za-z][A-Za-z0-9-]*)(?:=("[^"]*"|\S*))?(?:\s+|$)/;
const WITH_HEREDOCS: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD"]);

/** Splits by the rules of the Dockerfile reference: directives, comments, continuations, heredocs. */
export function parseDockerfile(text: string, path: string): Dockerfile {
  if (text.length > MAX_DOCKERFILE_BYTES) {
    throw new BuildError(path, 1, "", `the file is larger than ${MAX_DOCKERFILE_BYTES} bytes`);
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const escape = escapeDirective(lines);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; ) {
    if (isBlankOrComment(lines[at] ?? "")) {
      at++;
      continue;
    }
    const start = at;
    const logical = joinContinuations(lines, at, escape);
    at = logical.next;
    const head = splitHead(logical.text, path, start + 1);
    const bodies = WITH_HEREDOCS.has(head.keyword)
      ? readHeredocs(lines, at, head.rest, { path, line: start + 1, text: logical.text })
      : { heredocs: [], next: at };
    at = bodies.next;
    instructions.push({
      ...head,
      heredocs: bodies.heredocs,
      line: start + 1,
      text: logical.text.trim(),
    });
  }
  return { path, escape, instructions };
}

/** `["a", "b"]`, or undefined when it is the shell form. */
export function execForm(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const isList = Array.isArray(parsed) && parsed.every((part) => typeof part === "string");
    return isList ? (parsed as string[]) : undefined;
  } catch {
    return undefined; // as Docker: what is not JSON is a shell command
  }
}

function escapeDirective(lines: readonly string[]): "\\" | "`" {
  for (const line of lines) {
    const directive = /^#\s*([a-z]+)\s*=\s*(\S.*?)\s*$/i.exec(line.trim());
    if (!directive) break;
    if (directive[1]?.toLowerCase() === "escape" && directive[2] === "`") return "`";
  }
  return "\\";
}

function isBlankOrComment(line: string): boolean {
  const trimmed = line.trim();
  return trimmed === "" || trimmed.startsWith("#");
}

function joinContinuations(
  lines: readonly string[],
  start: number,
  escape: string,
): { text: string; next: number } {
  let text = "";
  let at = start;
  for (let isOpen = true; isOpen && at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (at > start && isBlankOrComment(line)) continue;
    const trimmed = line.trimEnd();
    isOpen = trimmed.endsWith(escape);
    text += isOpen ? trimmed.slice(0, -1) : line;
  }
  return { text, next: at };
}

function splitHead(
  text: string,
  path: string,
  line: number,
): Pick<Instruction, "keyword" | "rest" | "flags"> {
  const [, word = "", after = ""] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const keyword = word.toUpperCase();
  if (!instructionNames.has(keyword)) {
    throw new BuildError(path, line, text.trim(), `unknown instruction: ${word}`);
  }
  const flags: { name: string; value: string }[] = [];
  let rest = after;
  for (let match = FLAG.exec(rest); match; match = FLAG.exec(rest)) {
    flags.push({ name: match[1] ?? "", value: (match[2] ?? "").replace(/^"(.*)"$/, "$1") });
    rest = rest.slice(match[0].length);
  }
  return { keyword, flags, rest: rest.trim() };
}

function readHeredocs(
  lines: readonly string[],
  start: number,
  rest: string,
  where: { path: string; line: number; text: string },
): { heredocs: readonly Heredoc[]; next: number } {
  const heredocs: Heredoc[] = [];
  let at = start;
  for (const [, dash, quote, name = ""] of rest.matchAll(HEREDOC)) {
    const body: string[] = [];
    for (;;) {
      const line = lines[at++];
      if (line === undefined) {
        throw new BuildError(where.path, where.line, where.text, `unterminated heredoc ${name}`);
      }
      const stripped = dash ? line.replace(/^\t+/, "") : line;
      if (stripped === name) break;
      body.push(`${stripped}\n`);
    }
    heredocs.push({ name, content: body.join(""), expands: quote === "" });
  }
  return { heredocs, next: at };
}
