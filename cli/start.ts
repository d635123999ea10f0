import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/**
 * What `kaji` runs first. Commands that only talk to the API come out of one file with V8's compiled form of it beside
 * it (scripts/build-quick.ts makes both); everything else, components first of all, out of the bundle with its chunks.
 */

/** First words of the commands that need the bundle. Put there by the build, as is the next. */
declare const SLOW_WORDS: readonly string[];
/** "quick-1a2b3c4d", of a content that never changes. */
declare const QUICK_NAME: string;

type Wrapped = (require: NodeJS.Require, filename: string, dirname: string) => void;

function runQuick(): void {
  const filename = join(__dirname, `${QUICK_NAME}.cjs`);
  // V8 takes the compiled form for what it is, or refuses it (another Node) and compiles.
  const script = new Script(readFileSync(filename, "latin1"), {
    filename,
    cachedData: readFileSync(join(__dirname, `${QUICK_NAME}.cache`)),
  });
  const run = script.runInThisContext() as Wrapped;
  run(createRequire(filename), filename, dirname(filename));
}

/** As the parser takes it: "--" may come before. */
const word = process.argv.slice(2).find((one) => one !== "--") ?? "";
if (SLOW_WORDS.includes(word)) void import(join(__dirname, "kaji.js"));
else runQuick();
