import { describe, expect, test } from "vitest";
import type { ApiRequest } from "#client/transport";
import { decodeBody } from "#control-plane/apiserver/serving/body";
import { MAX_DEPTH } from "#control-plane/apiserver/serving/nesting";

function decode(contentType: string, text: string): unknown {
  const request: ApiRequest = {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    contentType,
    body: Buffer.from(text),
  };
  return decodeBody(request)?.value;
}

const json = (text: string): unknown => decode("application/json", text);
const yaml = (text: string): unknown => decode("application/yaml", text);
const TOO_DEEP = `the request body is nested more than ${MAX_DEPTH} levels deep`;
const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

describe("bodies that no object can hold", () => {
  test.each([
    ["JSON arrays", "application/json", nested("[", "]", 100_000)],
    ["JSON objects", "application/json", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["a JSON patch", "application/json-patch+json", nested("[", "]", 100_000)],
    ["a server-side apply", "application/apply-patch+yaml", `${'{"a":'.repeat(100_000)}1`],
    ["YAML in flow style", "application/yaml", nested("[", "]", 100_000)],
    ["YAML sequences on one line", "application/yaml", `${"- ".repeat(100_000)}x`],
    ["YAML keys on one line", "application/yaml", `${"? ".repeat(100_000)}x`],
    [
      "YAML by indentation",
      "application/yaml",
      Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    ],
  ])("%s nested without end are refused before anything recurses into them", (_, type, text) => {
    expect(() => decode(type, text)).toThrow(TOO_DEEP);
  });

  test("nesting up to the limit is read, in every style", () => {
    const depth = MAX_DEPTH - 2;
    expect(json(nested("[", "]", depth))).toBeInstanceOf(Array);
    expect(yaml(nested("[", "]", depth))).toBeInstanceOf(Array);
    expect(yaml(`${"- ".repeat(depth)}x`)).toBeInstanceOf(Array);
    const indented = Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:\n`);
    expect(yaml(indented.join(""))).toHaveProperty("a.a.a");
  });

  test("brackets and dashes inside text do not count", () => {
    const noise = "[{- ".repeat(10_000);
    expect(yaml(`a: "${noise}"\nb: |\n  ${noise}\n  ${noise}\nc: '${noise}'\n`)).toMatchObject({
      a: noise,
    });
  });

  test("the key __proto__ is refused rather than lost", () => {
    const why = 'the key "__proto__" cannot be used in an object';
    expect(() => json('{"data":{"__proto__":"x"}}')).toThrow(why);
    expect(() => json('{"data":{"\\u005f_proto__":"x"}}')).toThrow(why);
    expect(() => yaml("data: {__proto__: x}")).toThrow(why);
    expect(json('{"data":{"constructor":"x","toString":"y"}}')).toEqual({
      data: { constructor: "x", toString: "y" },
    });
  });

  test("YAML that contains itself or multiplies itself is refused", () => {
    expect(() => yaml("a: &a [*a, *a]\n")).toThrow("error converting YAML to JSON: yaml: ");
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const lines = names.map((name, index) => {
      const item = index === 0 ? "x" : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(item).join(",")}]\n`;
    });
    expect(() => yaml(lines.join(""))).toThrow("Excessive alias count");
    expect(yaml("a: &a {x: 1}\nb: *a\n")).toEqual({ a: { x: 1 }, b: { x: 1 } });
  });
});
