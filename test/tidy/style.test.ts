import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "#test/tidy/source-files";

const MAX_TYPESCRIPT_LINES = 400;
const MAX_C_LINES = 500;
const MAX_README_LINES = 150;
const MAX_DECISION_LINES = 60;

/** Files that break a size rule today. This list may only shrink. */
const naughty: readonly string[] = [];

const lines = (file: string): string[] => readFileSync(file, "utf8").split("\n");

describe("house style", () => {
  test("no file is so long that two ideas share a room", () => {
    const long = [
      ...sourceFiles(".ts", ".tsx").filter((file) => lines(file).length > MAX_TYPESCRIPT_LINES),
      ...sourceFiles(".c", ".h").filter((file) => lines(file).length > MAX_C_LINES),
    ];
    expect(long.filter((file) => !naughty.includes(file))).toEqual([]);
    expect(naughty.filter((file) => !long.includes(file))).toEqual([]);
  });

  test("file names are kebab-case", () => {
    const odd = sourceFiles(".ts").filter((file) => !/^(?:[a-z0-9.-]+\/)*[a-z0-9.-]+$/.test(file));
    expect(odd).toEqual([]);
  });

  test("names say what a thing is, never Manager, Helper, Util, Handler, Processor, Info or Data", () => {
    const vague =
      /\b(?:class|interface|type)\s+(\w*(?:Manager|Helper|Util|Utils|Handler|Processor))\b/g;
    const found = sourceFiles()
      .filter((file) => !file.startsWith("test/tidy/"))
      .flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(vague)].map((match) => `${file}: ${match[1]}`),
      );
    expect(found).toEqual([]);
  });

  test("no unfinished work hides in a comment and no type is switched off", () => {
    const banned =
      /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|expect-error|nocheck)|\bas any\b|\b(?:test|it|describe)\.(?:only|todo)\(/;
    const found = sourceFiles(".ts", ".tsx", ".c", ".h")
      .filter((file) => !file.startsWith("test/tidy/"))
      .filter((file) => banned.test(readFileSync(file, "utf8")));
    expect(found).toEqual([]);
  });

  test("deciders read no ambient clock and no ambient randomness", () => {
    const ambient = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/;
    const deciders = /^(?:api|control-plane\/(?:scheduler|controllers)|ingress\/plan)\//;
    const found = sourceFiles()
      .filter((file) => deciders.test(file) && !file.endsWith(".test.ts"))
      .filter((file) => ambient.test(readFileSync(file, "utf8")));
    expect(found).toEqual([]);
  });
});

describe("documents", () => {
  test("the README is short", () => {
    expect(lines("README.md").length).toBeLessThanOrEqual(MAX_README_LINES);
  });

  test("decisions are short", () => {
    const long = sourceFiles(".md").filter(
      (file) => file.startsWith("docs/decisions/") && lines(file).length > MAX_DECISION_LINES,
    );
    expect(long).toEqual([]);
  });

  test("every invariant of the architecture page is held by a test that exists", () => {
    const text = readFileSync("docs/architecture.md", "utf8");
    const held = [...text.matchAll(/held by `([^`]+)`/g)].map((match) => match[1] ?? "");
    expect(held.length).toBeGreaterThan(5);
    expect(held.filter((file) => !existsSync(file))).toEqual([]);
    const invariants = text.split("\n").filter((line) => line.includes("Invariant:"));
    expect(invariants.filter((line) => !line.includes("held by `"))).toEqual([]);
  });

  test("files that documents point at exist", () => {
    const broken = sourceFiles(".md").flatMap((document) => {
      const folder = document.includes("/") ? document.slice(0, document.lastIndexOf("/")) : ".";
      return [...readFileSync(document, "utf8").matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? "")
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(`${folder}/${target}`))
        .map((target) => `${document} -> ${target}`);
    });
    expect(broken).toEqual([]);
  });
});
