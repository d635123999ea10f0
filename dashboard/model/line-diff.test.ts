import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "#dashboard/model/line-diff";

const texts = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });

test("what was and what is can both be read from the lines", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const lines = diffLines(before.join("\n"), after.join("\n"));
      const side = (without: string): string =>
        lines.flatMap(({ type, text }) => (type === without ? [] : [text])).join("\n");
      expect(side("added")).toBe(before.join("\n"));
      expect(side("removed")).toBe(after.join("\n"));
    }),
  );
});

test("one changed line is one removed and one added", () => {
  expect(diffLines("a\nb\nc", "a\nx\nc").map(({ type, text }) => `${type} ${text}`)).toEqual([
    "same a",
    "removed b",
    "added x",
    "same c",
  ]);
});
