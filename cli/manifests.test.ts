import { describe, expect, test } from "vitest";
import * as yaml from "yaml";
import { parseManifests } from "#cli/manifests";

const read = (text: string) => parseManifests(yaml, text, "web.yaml");
const objects = (text: string) => read(text).map(({ object }) => object as unknown);

describe("manifests", () => {
  test("several documents, empty ones left out, each with where it stands", () => {
    const found = read(
      "---\n# nothing\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n",
    );
    expect(found.map(({ object, source }) => [object.kind, source])).toEqual([
      ["A", "web.yaml, document 2"],
      ["B", "web.yaml, document 3"],
    ]);
  });

  test("a List is its items", () => {
    const text = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "A", metadata: { name: "a" } }],
    });
    expect(read(text)[0]?.source).toBe("web.yaml, item 1");
  });

  test("is YAML 1.1 as Kubernetes reads it: yes is true, dates and times stay texts", () => {
    const [object] = objects(
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\ndata: {a: yes, b: 2001-01-01, c: 12:30:45, d: 0777, e: ~}\n",
    );
    expect(object).toMatchObject({
      data: { a: true, b: "2001-01-01", c: "12:30:45", d: 511, e: null },
    });
  });

  test("anchors and merge keys are followed", () => {
    const [object] = objects(
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\nbase: &b {k: 1}\nfull: {<<: *b, l: 2}\n",
    );
    expect(object).toMatchObject({ full: { k: 1, l: 2 } });
  });

  test("aliases that would grow without bound are refused", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`,
    );
    expect(() => read(`a0: &a0 [x]\n${levels.join("\n")}\n`)).toThrow(/^web\.yaml: .*alias/);
  });

  test.each([
    ["a:\n\t- b\n", "web.yaml:2:1: this is not valid YAML"],
    ["a: 'b\n", "web.yaml:2:1: this is not valid YAML: Missing closing 'quote"],
    ["a: 1\na: 2\n", "web.yaml:2:1: this is not valid YAML: Map keys must be unique"],
    ["[1]", "web.yaml is not an object"],
    ["kind: A", "web.yaml has no apiVersion"],
    [
      "apiVersion: v1\nkind: A\nmetadata: {name: 5}",
      "YAML reads metadata.name as 5, not as text: put it in quotes",
    ],
  ])("%j is refused with its place", (text, sentence) => {
    expect(() => read(text)).toThrow(sentence);
  });
});
