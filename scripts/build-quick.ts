import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { kinds } from "#api/kinds/index";
import { firstWordOf } from "#cli/define-command";
import { commandOutline, exportsOf } from "#scripts/command-outline";

/**
 * Makes of the commands that only talk to the API one file, and V8's compiled form of it: a start then reads two files
 * and compiles next to nothing. Commands that reach another room stay in the bundle that `whole` describes, and with
 * them all of the same first word. Answers the names of the files.
 */
export async function buildQuick(outdir: string, whole: Metafile): Promise<readonly string[]> {
  const slow = await slowWords(whole);
  const source = await textOf({
    entryPoints: ["cli/main.ts"],
    banner: { js: BANNER },
    footer: { js: "})" },
    define: { "import.meta.url": "__metaUrl" },
    plugins: [commandOutline((command) => !slow.has(firstWordOf(command))), kindOutline],
  });
  const name = `quick-${createHash("sha256").update(source).digest("hex").slice(0, 8)}`;
  replaceFile(join(outdir, `${name}.cjs`), source);
  train(join(outdir, name));
  const start = await textOf({
    entryPoints: ["cli/start.ts"],
    define: { SLOW_WORDS: JSON.stringify([...slow]), QUICK_NAME: JSON.stringify(name) },
  });
  replaceFile(join(outdir, "start.cjs"), start);
  return ["start.cjs", `${name}.cjs`, `${name}.cache`];
}

/** At once: others may be starting it, also what an earlier build made with the same name. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** In a process of its own, which ends with the command. */
function train(name: string): void {
  const args = ["--import", "tsx", "--conditions=source", "scripts/train-quick.ts", name];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** As Node wraps a CommonJS file, so that it can be had without Node's loader. */
const BANNER =
  '(function(require,__filename,__dirname){"use strict";const __metaUrl=require("node:url").pathToFileURL(__filename).href;';

async function textOf(options: {
  readonly entryPoints: string[];
  readonly define?: Record<string, string>;
  readonly banner?: { js: string };
  readonly footer?: { js: string };
  readonly plugins?: Plugin[];
}): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    conditions: ["source"],
    minifySyntax: true,
    logLevel: "warning",
    ...options,
    outdir: "dist",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** First words of the commands from which imports, static or not, lead to the door of the other rooms. */
async function slowWords(whole: Metafile): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  for (const [command, { module }] of await exportsOf(REGISTRY)) {
    if (reaches(whole, `${module.slice(1)}.ts`, DOOR)) words.add(firstWordOf(command));
  }
  return words;
}

const DOOR = "cli/rooms.ts";
const REGISTRY = "cli/commands/index.ts";

function reaches({ inputs }: Metafile, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const file of seen) {
    // Who wants to know of all commands runs none of them.
    if (file === REGISTRY) continue;
    for (const { path } of inputs[file]?.imports ?? []) seen.add(path);
  }
  return seen.has(to);
}

/** Commands ask kinds for their names alone: what else a kind can do would be half of the file. */
const kindOutline: Plugin = {
  name: "kind-outline",
  setup(build) {
    build.onLoad({ filter: /[/\\]api[/\\]kinds[/\\]index\.ts$/ }, () => ({
      contents: `export const kinds = JSON.parse(${JSON.stringify(JSON.stringify(kinds))});`,
      loader: "js",
    }));
  },
};
