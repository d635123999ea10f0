import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRangeBook } from "#node-agent/users/range-book";

describe("the book of user ids", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync("/tmp/kaji-users-");
    path = join(directory, "run", "user-ranges.json");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("has on disk what it answered: an agent that starts again gives the same, and none of it to others", () => {
    const range = openRangeBook(path).hold("a");
    const again = openRangeBook(path);
    expect(again.uids()).toEqual(["a"]);
    expect(again.hold("a")).toEqual(range);
    expect(again.hold("b").firstId).not.toBe(range.firstId);
    again.release("a");
    again.release("a");
    expect(openRangeBook(path).uids()).toEqual(["b"]);
  });

  test("writes nothing for pods that have no users of their own", () => {
    openRangeBook(path).release("never seen");
    expect(existsSync(path)).toBe(false);
  });

  test("is empty after a reboot, which no pod survived", () => {
    openRangeBook(path).hold("a");
    const written = JSON.parse(readFileSync(path, "utf8")) as { bootId: string };
    writeFileSync(path, JSON.stringify({ ...written, bootId: "an earlier one" }));
    expect(openRangeBook(path).uids()).toEqual([]);
  });
});
