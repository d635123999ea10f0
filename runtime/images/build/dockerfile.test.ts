import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execForm, parseDockerfile } from "#runtime/images/build/dockerfile";
import { expandText, splitWords } from "#runtime/images/build/expand";

const parse = (text: string) => parseDockerfile(text, "Dockerfile").instructions;

describe("reading a Dockerfile", () => {
  test("joins continuations, drops comments inside them, keeps line numbers", () => {
    const [run, cmd] = parse("# top\n\nrun a \\\n  # inside\n\n  && b\nCMD c\n");
    expect(run).toMatchObject({ keyword: "RUN", rest: "a   && b", line: 3 });
    expect(cmd).toMatchObject({ keyword: "CMD", rest: "c", line: 7 });
  });

  test("honours the escape directive", () => {
    const [run] = parse("# escape=`\nRUN a `\n b\\c\n");
    expect(run?.rest).toBe("a  b\\c");
  });

  test("reads flags, and heredocs with dash and quotes", () => {
    const [copy] = parse(
      'COPY --from=x --chown="a b" <<-EOF <<"raw" /d/\n\tindented\n\tEOF\n$x\nraw\nCMD a\n',
    );
    expect(copy?.flags).toEqual([
      { name: "from", value: "x" },
      { name: "chown", value: "a b" },
    ]);
    expect(copy?.heredocs).toEqual([
      { name: "EOF", content: "indented\n", expands: true },
      { name: "raw", content: "$x\n", expands: false },
    ]);
  });

  test("takes the exec form only when it is JSON", () => {
    expect(execForm('["a", "b c"]')).toEqual(["a", "b c"]);
    expect(execForm("['a']")).toBeUndefined();
    expect(execForm("[ -f x ] && y")).toBeUndefined();
  });

  test("never loops and fails only with a sentence, whatever the text", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("RUN <<EOF", "EOF", "RUN a \\", "# escape=`", "FROM x", "`"),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        try {
          parse(lines.join("\n"));
        } catch (error) {
          expect((error as Error).name).toBe("BuildError");
        }
      }),
    );
  });
});

describe("variables", () => {
  const values: Readonly<Record<string, string>> = { A: "1", EMPTY: "", SPACE: "x y" };
  const variables = (name: string) => values[name];

  test.each([
    ["$A-${A}", "1-1"],
    ["${NONE:-d} ${EMPTY:-d} ${EMPTY-d} ${A:+set} ${NONE:+set}", "d d  set "],
    ["${NONE:-${A}x}", "1x"],
    ["\\$A '$A' \"$A\"", "$A $A 1"],
    ["a\\ b", "a b"],
    ["$", "$"],
    ["100%$", "100%$"],
  ])("%s becomes %s", (text, expected) => {
    expect(expandText(text, variables)).toBe(expected);
  });

  test("words are split before variables are replaced", () => {
    expect(splitWords("k=$SPACE 'a b' c\\ d", variables)).toEqual(["k=x y", "a b", "c d"]);
  });

  test.each(["${A", '"a', "${A%x}", "${}"])("%s is refused", (text) => {
    expect(() => expandText(text, variables)).toThrow();
  });
});
