import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = ["--import", "tsx", "--conditions=source", "cli/main.ts"];

/** Its exit code. */
async function run(words: readonly string[]): Promise<number> {
  const ended = promisify(execFile)(process.execPath, [...main, ...words]);
  return ended.then(
    () => 0,
    ({ code }: { readonly code: number }) => code,
  );
}

test.each([
  ["help get", 0],
  ["--version", 0],
  ["version", 0],
  ["", 1],
])("`kaji %s` ends with %i", async (line, code) => {
  expect(await run(line.split(" ").filter(Boolean))).toBe(code);
});
