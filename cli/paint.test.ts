import { expect, test } from "vitest";
import { helpHasColours, paintFor } from "#cli/paint";
import { cutTo, formatTable, oneLine } from "#cli/table";

const RED = "\u001b[31mstop\u001b[39m";

test.each([
  ["auto", true, {}, RED],
  ["auto", false, {}, "stop"],
  ["auto", true, { NO_COLOR: "1" }, "stop"],
  ["auto", true, { NO_COLOR: "" }, RED],
  ["auto", true, { TERM: "dumb" }, "stop"],
  ["always", false, { NO_COLOR: "1" }, RED],
  ["never", true, {}, "stop"],
])("--color %s, a terminal: %s, %j", (when, isTTY, env, shown) => {
  expect(paintFor(when, { isTTY }, env)("red", "stop")).toBe(shown);
});

test.each([
  ["--help --color always", false, true],
  ["get --color=always --help", false, true],
  ["--help --color never", true, false],
  ["--help --color auto", true, true],
  ["--help", false, false],
  ["--help --color", true, true],
])("help for %j, on a terminal: %s, has colours: %s", (line, isTTY, expected) => {
  expect(helpHasColours(line.split(" "), { isTTY }, {})).toBe(expected);
});

test("another word is refused with those that are known", () => {
  expect(() => paintFor("pink", {}, {})).toThrow("use auto, always or never");
});

test("codes of colours take no column", () => {
  const cell = { text: "stop", shown: RED };
  expect(formatTable(["a", "b"], [[cell, "1"]])).toBe(`A      B\n${RED}   1`);
  expect(cutTo(2, `x${RED}y`)).toBe("x\u001b[31ms\u001b[39m");
});

test("what other people write cannot move the cursor, change colours, or add lines", () => {
  expect(oneLine("\u001b[2Jgone\u0007")).toBe("^[[2Jgone");
  expect(oneLine("first\nsecond")).toBe("first...");
  expect(formatTable(["a"], [["x\u001b[31m"]])).toBe("A\nx^[[31m");
});
