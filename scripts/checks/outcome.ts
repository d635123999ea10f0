import { readFileSync } from "node:fs";

/** What one check, or one vitest process of it, came to; and the lines that a log which keeps only its tail must end with. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  failures: Failure[];
}

export interface Failure {
  /** "test/e2e/cluster.test.ts > a one-machine cluster > a node is there" */
  readonly name: string;
  readonly message: string;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export function nothingYet(): Outcome {
  return { passed: 0, failed: 0, skipped: 0, failures: [] };
}

export function failedWith(name: string, message: string): Outcome {
  return { ...nothingYet(), failed: 1, failures: [{ name, message }] };
}

export function addTo(sum: Outcome, more: Outcome): void {
  sum.passed += more.passed;
  sum.failed += more.failed;
  sum.skipped += more.skipped;
  sum.failures.push(...more.failures);
}

/** Of a vitest that ended with this status; a missing report is a failure of `what`. */
export function readReport(what: string, file: string, status: number): Outcome {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch (error) {
    return failedWith(what, `vitest left no report (exit code ${status}): ${String(error)}`);
  }
  return outcomeOf(what, report, status);
}

/** Pure. */
export function outcomeOf(what: string, report: Report, status: number): Outcome {
  const failures = (report.testResults ?? []).flatMap(
    ({ name, message, assertionResults, ...file }) => {
      const path = name.replace(`${process.cwd()}/`, "");
      const failed = assertionResults
        .filter((test) => test.status === "failed")
        .map(({ ancestorTitles, title, failureMessages }) => ({
          name: [path, ...ancestorTitles, title].join(" > "),
          message: failureMessages?.join("\n") ?? "",
        }));
      // A file that does not load, or a hook that fails, has no failed test.
      if (failed.length > 0 || file.status !== "failed") return failed;
      return [{ name: path, message: message ?? "" }];
    },
  );
  const outcome = {
    passed: report.numPassedTests ?? 0,
    failed: Math.max(report.numFailedTests ?? 0, failures.length),
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
    failures,
  };
  if (status !== 0 && outcome.failed === 0) {
    addTo(outcome, failedWith(what, `vitest ended with ${status} and names no failed test`));
  }
  return outcome;
}

const MAX_FAILURES = 8;
const MAX_LINES_EACH = 10;
const MAX_LINE_CHARS = 300;

/** Pure: every failed test with the first lines of its message, bounded. */
export function failureLines(failures: readonly Failure[]): string[] {
  const shown = failures.slice(0, MAX_FAILURES).flatMap(({ name, message }) => {
    const lines = message
      .split("\n")
      .map((line) => line.trimEnd())
      // Where in the library it was thrown helps nobody who sees only the tail.
      .filter((line) => line !== "" && !/^\s+at .*(?:node_modules|node:)/.test(line));
    const first = lines.slice(0, MAX_LINES_EACH);
    if (lines.length > first.length)
      first.push(`... ${lines.length - first.length} more lines above`);
    return [`FAILED ${name}`, ...first.map((line) => `    ${line.slice(0, MAX_LINE_CHARS)}`)];
  });
  const rest = failures.slice(MAX_FAILURES).map(({ name }) => `FAILED ${name}`);
  return [...shown, ...rest.slice(0, MAX_FAILURES)];
}
