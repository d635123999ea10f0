/**
 * Runs every check of the project and prints `N passed, N failed` as the last line: static checks count as
 * one each, vitest projects by their tests. A project that runs no test at all counts as failed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const staticChecks: Record<string, string[]> = {
  format: ["biome", "format", "."],
  lint: ["oxlint", "--type-aware", "--quiet"],
  types: ["tsc", "-p", "."],
  "dead-code": ["knip", "--no-progress"],
};
const projects = ["tidy", "unit", "contract", "scenarios", "simulation", "e2e", "hosts", "claims"];

/** A hung check is a failed check: nothing here may take longer than this. */
const CHECK_TIMEOUT_MS = 20 * 60_000;

function run(args: readonly string[]): { status: number; signal: string | null } {
  const result = spawnSync("npx", ["--no-install", ...args], {
    stdio: "inherit",
    timeout: CHECK_TIMEOUT_MS,
  });
  return { status: result.status ?? 1, signal: result.signal };
}

function runStatic(name: string): Outcome {
  const { status } = run(staticChecks[name] ?? []);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

function runProject(name: string): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "kaji-checks-"));
  const file = join(folder, "result.json");
  try {
    const { status } = run([
      ...["vitest", "run", "--project", name, "--passWithNoTests"],
      ...["--reporter=default", "--reporter=json", `--outputFile=${file}`],
    ]);
    const report = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
    const passed = report.numPassedTests ?? 0;
    const failed = report.numFailedTests ?? 0;
    const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
    // A suite that fails to load has no failed test, but vitest's exit code says so.
    const hidden = status !== 0 && failed === 0 ? 1 : 0;
    return { passed, failed: failed + hidden, skipped };
  } catch (error) {
    console.error(`the project ${name} left no report: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
const known = [...Object.keys(staticChecks), ...projects];
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`unknown check ${unknown.join(", ")}: choose from ${known.join(", ")}`);
  process.exit(2);
}
const total: Outcome = { passed: 0, failed: 0, skipped: 0 };
const rows: string[] = [];
for (const name of known.filter((check) => wanted.length === 0 || wanted.includes(check))) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const outcome = projects.includes(name) ? runProject(name) : runStatic(name);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  rows.push(
    `${name.padEnd(12)} ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped  ${seconds} s`,
  );
}
console.log(`\n${rows.join("\n")}\n`);
if (total.skipped > 0) console.log(`${total.skipped} tests were skipped; each said why above`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
