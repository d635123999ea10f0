import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { row, summarize } from "#test/bench/statistics";

const RUNS = 15;

function time(command: string, args: readonly string[]): number {
  const started = performance.now();
  spawnSync(command, args, { stdio: "ignore" });
  return performance.now() - started;
}

const kaji: number[] = [];
const help: number[] = [];
const empty: number[] = [];
for (let i = 0; i < RUNS; i++) {
  kaji.push(time(join(packageRoot(), "kaji"), ["version"]));
  help.push(time(join(packageRoot(), "kaji"), ["--help"]));
  empty.push(time(process.execPath, ["-e", "0"]));
}
const floor = summarize(empty).p50;
for (const [name, values] of [
  ["kaji version", kaji],
  ["kaji --help", help],
  ["node -e 0 (floor)", empty],
] as const) {
  const { p50 } = summarize(values);
  row(`${name}, median of ${RUNS}`, `${p50.toFixed(0)} ms (${(p50 / floor).toFixed(2)}x)`);
}
