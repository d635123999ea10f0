import { readdirSync, readFileSync } from "node:fs";

/**
 * What the pages of README.md and docs/ show in fenced blocks. A fence says what it is by its first word, and what is
 * to be known about running it by attributes behind:
 *
 *   ```sh                        commands of the first machine, run in the order of the page by one bash
 *   ```sh on="node-2"            of another machine
 *   ```sh background             goes on until the page ends, as in another terminal
 *   ```sh exit="1"               the last command of the block ends with this code
 *   ```sh not-run="the reason"   cannot be run by a test
 *   ```output                    what the last command before printed (docs-output.ts says what may differ)
 *   ```yaml                      objects that the API accepts
 *   ```yaml part-of="FILE"       a part of the object in that file
 */
export interface DocBlock {
  readonly page: string;
  /** Of the fence. */
  readonly line: number;
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface DocCommand {
  /** As `docs/page.md:12`. */
  readonly place: string;
  /** With its continued lines and here-documents. */
  readonly text: string;
  readonly machine: string | undefined;
  readonly isInBackground: boolean;
  readonly exitCode: number;
  /** What the page shows that it prints. */
  readonly output: string | undefined;
}

const FENCE = /^```(.*)$/;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/g;
const HERE_DOCUMENT = /<<-?\s*['"]?(\w+)['"]?/;

/** README.md and the pages of docs/, without what is generated and without decisions. */
export function userPages(): string[] {
  const pages = readdirSync("docs").filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => `docs/${name}`)];
}

export function readBlocks(page: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  let open: { line: number; heading: string; body: string[] } | undefined;
  for (const [index, line] of readFileSync(page, "utf8").split("\n").entries()) {
    const fence = FENCE.exec(line);
    if (!fence) open?.body.push(line);
    else if (!open) open = { line: index + 1, heading: fence[1] ?? "", body: [] };
    else {
      const [, language = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(open.heading) ?? [];
      const pairs = [...rest.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, value]);
      const attributes = Object.fromEntries(pairs) as Record<string, string>;
      blocks.push({ page, line: open.line, language, attributes, text: open.body.join("\n") });
      open = undefined;
    }
  }
  if (open) throw new Error(`${page}:${open.line}: this block does not end`);
  return blocks;
}

/** Those that a test can run, with what they are to print. Objects are shown to the API, which changes nothing. */
export function commandsOf(blocks: readonly DocBlock[]): DocCommand[] {
  return blocks.flatMap((block, index) => {
    if (block.language === "yaml" && !("part-of" in block.attributes)) return [dryRunOf(block)];
    if (block.language !== "sh" || "not-run" in block.attributes) return [];
    const next = blocks[index + 1];
    const output = next?.language === "output" ? next.text : undefined;
    const { on, background, exit = "0" } = block.attributes;
    const commands = splitCommands(block.text);
    return commands.map(({ text, offset }, at) => ({
      place: `${block.page}:${block.line + 1 + offset}`,
      text,
      machine: on,
      isInBackground: background !== undefined,
      exitCode: at === commands.length - 1 ? Number(exit) : 0,
      output: at === commands.length - 1 ? output : undefined,
    }));
  });
}

function dryRunOf({ page, line, text }: DocBlock): DocCommand {
  const command = `kubectl apply --dry-run=server -f - <<'EOF'\n${text}\nEOF`;
  const place = `${page}:${line}`;
  return {
    place,
    text: command,
    machine: undefined,
    isInBackground: false,
    exitCode: 0,
    output: undefined,
  };
}

/** A command goes on after a backslash and until its here-document ends; lines of comments alone are none. */
export function splitCommands(text: string): { text: string; offset: number }[] {
  const commands: { text: string; offset: number }[] = [];
  let pending: string[] = [];
  let delimiter: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (pending.length === 0 && /^\s*(#|$)/.test(line)) continue;
    pending.push(line);
    if (delimiter === undefined) delimiter = HERE_DOCUMENT.exec(line)?.[1];
    else if (line.trim() === delimiter) delimiter = undefined;
    if (delimiter !== undefined || line.endsWith("\\")) continue;
    commands.push({ text: pending.join("\n"), offset: index + 1 - pending.length });
    pending = [];
  }
  if (pending.length > 0) throw new Error(`a command does not end: ${pending.join("\n")}`);
  return commands;
}
