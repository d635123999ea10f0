import { describe, expect, test } from "vitest";
import { failureLines, outcomeOf } from "#scripts/checks/outcome";

const file = { name: `${process.cwd()}/test/e2e/some.test.ts` };

function failed(title: string, message: string): object {
  return { status: "failed", ancestorTitles: ["a cluster"], title, failureMessages: [message] };
}

describe("the outcome of a vitest process", () => {
  test("counts tests and names those that failed, with their messages", () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 3,
      testResults: [{ ...file, status: "failed", assertionResults: [failed("stands", "it fell")] }],
    };
    expect(outcomeOf("e2e", report as never, 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 3,
      failures: [{ name: "test/e2e/some.test.ts > a cluster > stands", message: "it fell" }],
    });
  });

  test("a file that does not load is a failure, though it has no failed test", () => {
    const report = {
      testResults: [{ ...file, status: "failed", message: "no such module", assertionResults: [] }],
    };
    expect(outcomeOf("e2e", report, 1)).toMatchObject({
      failed: 1,
      failures: [{ name: "test/e2e/some.test.ts", message: "no such module" }],
    });
  });

  test("an exit code that no test explains is a failure", () => {
    expect(outcomeOf("e2e", { numPassedTests: 5 }, 1)).toMatchObject({ passed: 5, failed: 1 });
    expect(outcomeOf("e2e", { numPassedTests: 5 }, 0)).toMatchObject({ passed: 5, failed: 0 });
  });
});

describe("what the end of the log says of failures", () => {
  test("shows the first lines of each, and how many more there are", () => {
    const message = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
    const lines = failureLines([{ name: "one", message }]);
    expect(lines[0]).toBe("FAILED one");
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe("    ... 10 more lines above");
  });

  test("stays short enough for a tail of 120 lines, however many fail", () => {
    const message = Array.from({ length: 50 }, (_, i) => `line ${i}`).join("\n");
    const failures = Array.from({ length: 500 }, (_, i) => ({ name: `test ${i}`, message }));
    const lines = failureLines(failures);
    expect(lines.length).toBeLessThanOrEqual(8 * 12 + 8);
    expect(lines.at(-1)).toBe("FAILED test 15");
  });

  test("leaves out where in a library it was thrown, and cuts endless lines", () => {
    const stack =
      "Error: no\n    at run (/x/node_modules/vitest/a.js:1:1)\n    at mine (/x/test/a.ts:2:1)";
    expect(failureLines([{ name: "one", message: stack }])).toEqual([
      "FAILED one",
      "    Error: no",
      "        at mine (/x/test/a.ts:2:1)",
    ]);
    expect(failureLines([{ name: "one", message: "x".repeat(5_000) }])[1]).toHaveLength(304);
  });
});
