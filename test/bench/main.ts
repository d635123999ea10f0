/**
 * `npm run bench [-- NAME...]`: figures as ratios against a peer in the same run. Nothing is asserted. Adding a
 * benchmark: a file beside this one, and its line here.
 */
import { spawnSync } from "node:child_process";

const benches: Readonly<Record<string, string>> = {
  "container-start": "container start and exit against a bare-C floor, crun and runc",
  api: "API creates per second and a list of 10,000 pods against the bare store",
  state: "a Secret's write with and without encryption at rest; backup and restore of 100,000 keys",
  "pod-start": "apply to Running and to the first HTTP answer, 50 pods",
  swap: "100 swaps under load, failed requests, against stopping at once",
  wake: "cold start of a workload at zero behind nginx against a warm request; a burst of ten times the load",
  ingress:
    "requests per second and p99 through nginx against one written by hand; endpoint changes",
  idle: "memory and CPU of an idle cluster, memory per idle container",
  "network-policy":
    "1,000 policies for 100 pods of a node: telling, rendering, nft; a new connection under them",
  hosts: "latency and throughput between pods of different hosts against the bare link",
  servers: "three servers on etcd: start, and what the kill of the leading one costs",
  dashboard: "first paint, bytes, frames, heap and the cost of viewers of the dashboard",
  "cli-start": "start of the command line against kubectl and an empty Node program",
  tenants:
    "200,000 tenants: rate, memory, list, change, start, rest; against a map in nginx's file",
  observability: "spans and metrics against the same work without them; a scrape",
  scheduler: "the cases of scheduler_perf, scheduler alone and with every write through the API",
};

/** Names come first; from the first option on, everything is the benchmarks' own. */
const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith("-"));
const wanted = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
/** The scheduler's cases at 5,000 nodes take the longest. */
const TIMEOUT_MS = 60 * 60_000;
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
    ["--import", "tsx", "--conditions=source", `test/bench/${name}.ts`, ...options],
    { stdio: "inherit", timeout: TIMEOUT_MS },
  );
  if (status !== 0) failures++;
}
process.exitCode = failures === 0 ? 0 : 1;
