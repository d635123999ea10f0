import { existsSync, readFileSync, statSync } from "node:fs";

/** What a component that does not come up says in its log: the sentences with which it ended. */
const FATAL = "kaji: ";

export function logSize(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Sentences since a position of the log, oldest first. */
export function fatalSentences(file: string, fromByte: number): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file).subarray(fromByte).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.startsWith(FATAL))
    .map((line) => line.slice(FATAL.length));
}
