import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepRotated, type RotatedLog } from "#ingress/nginx/log-rotation";
import { silentLog } from "#kit/log";
import { eventually } from "#test/support/host";

let folder: string;
let abort: AbortController;
let keeping: Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kaji-rotation-"));
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await keeping;
  rmSync(folder, { recursive: true });
});

function start(options: Partial<RotatedLog>): string {
  const file = join(folder, "a.log");
  const one = { file, maxBytes: 100, kept: 2, ...options };
  keeping = keepRotated(folder, [one], { log: silentLog, signal: abort.signal });
  return file;
}

test("a log that grows becomes older files, of which the oldest goes", async () => {
  let reopened = 0;
  const file = start({
    reopen: () => {
      reopened++;
    },
  });
  for (const text of ["first", "second", "third"]) {
    const before = reopened;
    appendFileSync(file, text.repeat(30));
    await eventually("it is rotated", () => reopened > before);
  }
  expect(readdirSync(folder).sort()).toEqual(["a.log.1", "a.log.2"]);
  expect(readFileSync(`${file}.1`, "utf8")).toMatch(/^third/);
  expect(readFileSync(`${file}.2`, "utf8")).toMatch(/^second/);
});

test("a log whose writers cannot be told is emptied in place", async () => {
  const file = start({});
  appendFileSync(file, "x".repeat(150));
  await eventually("it is empty", () => readFileSync(file, "utf8") === "");
  expect(readFileSync(`${file}.1`, "utf8")).toHaveLength(150);
});

test("a short log is left alone", async () => {
  const file = start({});
  appendFileSync(file, "x".repeat(100));
  appendFileSync(file, "y");
  await eventually("it is rotated with its last byte", () => readFileSync(file, "utf8") === "");
  expect(readFileSync(`${file}.1`, "utf8")).toHaveLength(101);
});
