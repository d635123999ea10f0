import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { KubeObject } from "#api/machinery/meta";
import { differenceOf } from "#cli/release/difference";
import { diffLines, formatDifference } from "#cli/release/line-difference";

const toYaml = (value: unknown): string => stringify(value).trimEnd();

describe("the difference of lines", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

  test("gives one side back without the additions, and the other without the removals", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after);
        const without = (sign: string) =>
          lines.filter((line) => line.sign !== sign).map(({ text }) => text);
        expect(without("+")).toEqual(before);
        expect(without("-")).toEqual(after);
      }),
    );
  });

  test("is as short as can be for one changed line", () => {
    const before = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const after = ["a", "b", "c", "d", "E", "f", "g", "h", "i"];
    expect(formatDifference(diffLines(before, after))).toEqual([
      "  ...",
      "  b",
      "  c",
      "  d",
      "- e",
      "+ E",
      "  f",
      "  g",
      "  h",
      "  ...",
    ]);
  });

  test("of texts too long to compare is told as a replacement", () => {
    const long = (letter: string) => Array.from({ length: 3000 }, (_, at) => `${letter}${at}`);
    const lines = diffLines(["same", ...long("a")], ["same", ...long("b")]);
    expect(lines).toHaveLength(6001);
    expect(lines[0]).toEqual({ sign: " ", text: "same" });
  });
});

describe("the difference of an object", () => {
  const secret = (values: Record<string, string>): KubeObject =>
    ({ apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, data: values }) as KubeObject;

  test("tells that a value of a Secret changes and never shows it", () => {
    const before = secret({ a: "b2xk", same: "c2FtZQ==", gone: "Z29uZQ==" });
    const { change, lines } = differenceOf(before, secret({ a: "bmV3", same: "c2FtZQ==" }), toYaml);
    expect(change).toBe("changed");
    const text = lines.join("\n");
    expect(text).toContain('-   a: "*** (before)"');
    expect(text).toContain('+   a: "*** (after)"');
    expect(text).toContain('    same: "***"');
    expect(text).not.toMatch(/b2xk|bmV3|c2FtZ|Z29u/);
  });

  test.each([
    ["new", undefined, secret({ a: "bmV3" })],
    ["deleted", secret({ a: "b2xk" }), undefined],
  ])("hides the values of a Secret that is %s, and of kubectl's annotation", (_, before, after) => {
    for (const one of [before, after]) {
      if (one)
        one.metadata.annotations = {
          "kubectl.kubernetes.io/last-applied-configuration": "bmV3 b2xk",
        };
    }
    expect(differenceOf(before, after, toYaml).lines.join("\n")).not.toMatch(/bmV3|b2xk/);
  });

  test("is none where fields stand in another order", () => {
    const before = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "b" } };
    const after = { metadata: { namespace: "b", name: "a" }, kind: "Pod", apiVersion: "v1" };
    expect(differenceOf(before, after, toYaml).change).toBe("unchanged");
  });

  test("leaves out what the server writes", () => {
    const made = (resourceVersion: string): KubeObject =>
      ({
        ...{ apiVersion: "v1", kind: "Pod", status: { phase: resourceVersion } },
        metadata: { name: "a", resourceVersion, generation: Number(resourceVersion), uid: "1" },
      }) as KubeObject;
    expect(differenceOf(made("1"), made("2"), toYaml)).toEqual({ change: "unchanged", lines: [] });
  });
});
