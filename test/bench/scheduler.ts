/**
 * `npm run bench -- scheduler [--nodes N] [--case TEXT] [--deadline SECONDS] [--only alone|api] [--list]`: the
 * cases of scheduler_perf. Twice, never mixed: the scheduler alone, and with every write through the API server
 * into the durable store. The pods of a measurement exist before it begins.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { readCases, type TestCase, type Workload, workloadsOf } from "#test/bench/scheduler/config";
import { bareLoop, bindingsAlone } from "#test/bench/scheduler/peer";
import { row } from "#test/bench/statistics";

const { values } = parseArgs({
  options: {
    nodes: { type: "string" },
    case: { type: "string", default: "" },
    deadline: { type: "string", default: "60" },
    only: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const nodes = values.nodes === undefined ? undefined : Number(values.nodes);
const folder = join(import.meta.dirname, "scheduler");
const rigs = { alone: "scheduler alone", api: "through API and durable store" } as const;

/** Bundled as it is shipped: the loader of TypeScript names every function anew, which costs as much as deciding. */
async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: [join(folder, "case-child.ts")],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["source"],
    external: ["libsql"],
    logLevel: "warning",
    banner: {
      js: 'import{createRequire as __benchRequire}from"node:module";const require=__benchRequire(import.meta.url);const __filename=import.meta.filename;const __dirname=import.meta.dirname;',
    },
  });
}

interface Result {
  readonly wanted: number;
  readonly scheduled: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly createSeconds: number;
  readonly gap: { readonly p50: number; readonly p99: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly megabytes: number;
}

function measure(testCase: TestCase, workload: Workload, rig: string): Result | string {
  const named = [testCase.name, workload.name, rig, String(nodes ?? 0), values.deadline];
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    ["--max-old-space-size=8192", join(built, "case-child.mjs"), folder, ...named],
    // Set-up and creation have the same deadline each as the measurement.
    { encoding: "utf8", timeout: Number(values.deadline) * 5_000 },
  );
  if (status === 0) return JSON.parse(stdout) as Result;
  return error?.message ?? stderr.split("\n").find((line) => line.includes("Error")) ?? "failed";
}

function show(title: string, result: Result | string, workload: Workload, peer: number): void {
  if (typeof result === "string") return row(title, `FAILED: ${result}`);
  const { scheduled, wanted, seconds, cpuSeconds, createSeconds, gap, latency, megabytes } = result;
  if (scheduled === 0) return row(title, `FAILED: none of ${wanted} pods was scheduled`);
  const rate = scheduled / seconds;
  const floor = workload.threshold;
  const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
  row(
    title,
    [
      `${rate.toFixed(0)} pods/s`,
      floor
        ? `${(rate / floor).toFixed(1)}x of upstream's floor ${floor}`
        : "no floor at this size",
      `${(rate / peer).toFixed(3)}x of the peer`,
      `${(scheduled / cpuSeconds).toFixed(0)} per CPU second${floor ? ` (${(scheduled / cpuSeconds / floor).toFixed(1)}x)` : ""}`,
      `with creation ${(scheduled / (seconds + createSeconds)).toFixed(0)}/s`,
      `per decision p50 ${ms(gap.p50)} p99 ${ms(gap.p99)} ms`,
      `until bound p50 ${ms(latency.p50)} p99 ${ms(latency.p99)} ms`,
      `${megabytes.toFixed(0)} MB`,
      ...(scheduled < wanted ? [`CUT: ${scheduled} of ${wanted} pods`] : []),
    ].join(", "),
  );
}

async function runAll(cases: readonly TestCase[]): Promise<void> {
  const peers = {
    alone: bareLoop(folder, nodes ?? 5_000, 10_000),
    api: values.only === "alone" ? Number.NaN : await bindingsAlone(folder, 5_000),
  };
  row("peer of the first: a bare loop over all nodes", `${peers.alone.toFixed(0)} pods/s`);
  if (values.only !== "alone") {
    row("peer of the second: bindings with nobody deciding", `${peers.api.toFixed(0)} pods/s`);
  }
  for (const testCase of cases) {
    for (const workload of workloadsOf(testCase, nodes)) {
      console.log(`  ${testCase.name} ${workload.name}`);
      for (const rig of ["alone", "api"] as const) {
        if (values.only !== undefined && values.only !== rig) continue;
        show(`    ${rigs[rig]}`, measure(testCase, workload, rig), workload, peers[rig]);
      }
    }
  }
}

const cases = readCases(join(folder, "cases.yaml")).filter(({ name }) =>
  name.toLowerCase().includes(values.case.toLowerCase()),
);
mkdirSync("dist", { recursive: true });
/** Below the packages that stay outside the bundle. */
const built = mkdtempSync("dist/bench-");
try {
  if (values.list) {
    for (const { name, workloads } of cases) row(name, workloads.map((one) => one.name).join(", "));
  } else {
    await bundle(built);
    await runAll(cases);
  }
} finally {
  rmSync(built, { recursive: true });
}
