/**
 * Runs every check of the project and prints `N passed, N failed` as the last line: static checks count as
 * one each, vitest projects by their tests. A project that runs no test at all counts as failed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canHaveLanes, type Lanes, runInLanes } from "#scripts/checks/lanes";
import {
  addTo,
  failedWith,
  failureLines,
  nothingYet,
  type Outcome,
  readReport,
} from "#scripts/checks/outcome";
import { vitestArguments } from "#scripts/checks/vitest";

const staticChecks: Record<string, string[]> = {
  format: ["biome", "format", "."],
  lint: ["oxlint", "--type-aware", "--quiet"],
  types: ["tsc", "-p", "."],
  "types-browser": ["tsc", "-p", "dashboard"],
  "dead-code": ["knip", "--no-progress"],
};
const projects = ["tidy", "unit", "contract", "scenarios", "simulation", "e2e", "claims"];

/** Projects whose files use the whole host: how many run at a time, each on a machine of its own. They mostly wait. */
const lanesOf: Readonly<Record<string, Lanes>> = { e2e: { always: 4, atRest: 3 } };

/** A hung check is a failed check: nothing here may take longer than this. */
const CHECK_TIMEOUT_MS = 20 * 60_000;

function runStatic(name: string): Outcome {
  const [program = "", ...args] = staticChecks[name] ?? [];
  const { status, stdout, stderr } = spawnSync(join("node_modules/.bin", program), args, {
    encoding: "utf8",
    timeout: CHECK_TIMEOUT_MS,
  });
  const output = `${stdout}${stderr}`.trim();
  if (output) console.log(output);
  return status === 0 ? { ...nothingYet(), passed: 1 } : failedWith(name, output);
}

async function runProject(project: string, modules: string): Promise<Outcome> {
  const lanes = lanesOf[project];
  if (lanes && canHaveLanes()) return runInLanes(project, lanes, modules);
  const folder = mkdtempSync(join(tmpdir(), "kaji-checks-"));
  const report = join(folder, "result.json");
  try {
    const { status } = spawnSync(process.execPath, vitestArguments({ project, report, modules }), {
      stdio: "inherit",
      timeout: CHECK_TIMEOUT_MS,
    });
    return readReport(`the project ${project}`, report, status ?? 1);
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
const modules = mkdtempSync(join(tmpdir(), "kaji-modules-"));
const total = nothingYet();
const rows: string[] = [];
for (const name of known.filter((check) => wanted.length === 0 || wanted.includes(check))) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const isProject = projects.includes(name);
  const outcome = isProject ? await runProject(name, modules) : runStatic(name);
  if (isProject && outcome.passed + outcome.failed === 0) {
    addTo(outcome, failedWith(`the project ${name}`, "no test ran"));
  }
  addTo(total, outcome);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { passed, failed, skipped } = outcome;
  rows.push(
    `${name.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped  ${seconds} s`,
  );
}
rmSync(modules, { recursive: true, force: true });
const failures = failureLines(total.failures);
if (failures.length > 0) console.log(`\n${failures.join("\n")}`);
console.log(`\n${rows.join("\n")}\n`);
if (total.skipped > 0) console.log(`${total.skipped} tests were skipped; each said why above`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
