/**
 * Runs the executable claims and prints them as a table: number, claim, figures, proof. Exit code 1 when one is
 * refuted, or when none ran. `npx tsx --conditions=source scripts/claims.ts [NUMBER...]`
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClaimLine, REPORT_VARIABLE } from "#test/claims/claim";

const RUN_TIMEOUT_MS = 10 * 60_000;

const folder = mkdtempSync(join(tmpdir(), "kaji-claims-"));
try {
  const file = join(folder, "claims.jsonl");
  const wanted = process.argv.slice(2).map((number) => `test/claims/${number.padStart(2, "0")}-`);
  const args = [
    "--no-install",
    "vitest",
    "run",
    "--project",
    "claims",
    "--reporter=dot",
    ...wanted,
  ];
  const { status } = spawnSync("npx", args, {
    stdio: ["ignore", process.stderr, process.stderr],
    env: { ...process.env, [REPORT_VARIABLE]: file },
    timeout: RUN_TIMEOUT_MS,
  });
  const lines = existsSync(file) ? readLines(file) : [];
  console.log(table(lines));
  const count = (result: ClaimLine["result"]): number =>
    lines.filter((line) => line.result === result).length;
  console.log(
    `${count("proved")} proved, ${count("refuted")} refuted, ${count("skipped")} skipped`,
  );
  process.exitCode = status === 0 && count("proved") > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function readLines(file: string): readonly ClaimLine[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ClaimLine)
    .sort((one, other) => one.claim - other.claim);
}

/** A Markdown table: it reads well in a terminal and pastes into a document. */
function table(lines: readonly ClaimLine[]): string {
  const rows = lines.map(({ claim, sentence, result, figures, proof }) => [
    String(claim),
    result === "proved" ? sentence : `${result.toUpperCase()}: ${sentence}`,
    figures.join("; "),
    proof,
  ]);
  const all = [["#", "claim", "figure", "proof"], ["---", "---", "---", "---"], ...rows];
  return all.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
