import { describe, expect, test } from "vitest";
import { parseObjects } from "#dashboard/model/apply-documents";

const one = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describe("pasted YAML", () => {
  test("is one or many objects, and empty documents are none", () => {
    expect(parseObjects(`---\n${one("a")}---\n# nothing\n---\n${one("b")}`)).toHaveLength(2);
    const list = JSON.stringify({
      kind: "List",
      items: [{ apiVersion: "v1", kind: "X", metadata: { name: "x" } }],
    });
    expect(parseObjects(list)).toHaveLength(1);
  });

  test("that is none says which document, and why", () => {
    expect(() => parseObjects(`${one("a")}---\nhello: world`)).toThrow(
      "document 2 has no apiVersion",
    );
    expect(() => parseObjects("a: [")).toThrow("document 1: ");
    expect(() => parseObjects("  ")).toThrow("there is no object in it");
  });

  test("that would grow without end is refused", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]", ..."bcdefg".split("")].map((text, at, all) =>
      at === 0
        ? text
        : `${text}: &${text} [${Array(10)
            .fill(`*${at === 1 ? "a" : all[at - 1]}`)
            .join(",")}]`,
    );
    expect(() => parseObjects(bomb.join("\n"))).toThrow("alias");
  });
});
