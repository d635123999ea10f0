/**
 * `npm run bench [-- NAME...]`: figures as ratios against a peer in the same run. Nothing is asserted. Adding a
 * benchmark: a file beside this one, and its line here.
 */
import { spawnSync } from "node:child_process";

const benches: Readonly<Record<string, string>> = {
  "container-start": "container start and exit against a bare-C floor, crun and runc",
  api: "API creates per second and a list of 10,000 pods against the bare store",
  "pod-start": "apply to Running and to the first HTTP answer, 50 pods",
  swap: "100 swaps under load, failed requests, against stopping at once",
  idle: "memory and CPU of an idle cluster, memory per idle container",
  "cli-start": "start of the command line against an empty Node program",
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`unknown benchmark ${unknown.join(", ")}; there are:`);
  for (const [name, what] of Object.entries(benches)) console.error(`  ${name.padEnd(16)} ${what}`);
  process.exit(2);
}
let failures = 0;
for (const [name, what] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== ${name}: ${what}`);
  const { status } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--conditions=source", `test/bench/${name}.ts`],
    { stdio: "inherit", timeout: 600_000 },
  );
  if (status !== 0) failures++;
}
process.exitCode = failures === 0 ? 0 : 1;
