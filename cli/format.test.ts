import { describe, expect, test } from "vitest";
import { formatAge, formatBytes, shortId } from "#cli/format";
import { sentenceOf } from "#cli/sentence";
import { formatTable } from "#cli/table";

describe("numbers as people read them", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [999_499, "999 kB"],
    [999_600, "1.0 MB"],
    [1_530_000, "1.5 MB"],
    [2_000_000_000_000_000, "2000 TB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [-5, "0s"],
    [119_999, "119s"],
    [120_000, "2m"],
    [7_200_000, "2h"],
    [172_800_000, "2d"],
  ])("an age of %d ms is %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  test("an id is cut to the digits that commands take", () => {
    expect(shortId(`sha256:${"0123456789abcdef".repeat(4)}`)).toBe("0123456789ab");
  });
});

describe("tables", () => {
  test("columns stand three spaces apart and no line ends in spaces", () => {
    expect(
      formatTable(
        ["name", "age"],
        [
          ["a", "1s"],
          ["longer", ""],
        ],
      ),
    ).toBe("NAME     AGE\na        1s\nlonger");
  });
});

describe("sentences", () => {
  test("causes are told once", () => {
    const deep = new Error("connection refused");
    const middle = new Error("cannot reach it: connection refused", { cause: deep });
    expect(sentenceOf(new Error("the pull failed", { cause: middle }))).toBe(
      "the pull failed: cannot reach it: connection refused",
    );
    expect(sentenceOf("text")).toBe("text");
  });
});
