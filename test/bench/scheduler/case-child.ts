/** One case, one size, one rig, in a process of its own: its memory and its garbage are its own. Prints JSON. */
import { join } from "node:path";
import { apiRig } from "#test/bench/scheduler/api-rig";
import { readCases, workloadsOf } from "#test/bench/scheduler/config";
import { memoryRig } from "#test/bench/scheduler/memory-rig";
import { runCase } from "#test/bench/scheduler/run-case";
import { summarize } from "#test/bench/statistics";

const [folder = "", caseName, workloadName, rigName, nodes, deadline] = process.argv.slice(2);
const testCase = readCases(join(folder, "cases.yaml")).find(({ name }) => name === caseName);
if (!testCase) throw new Error(`there is no case ${caseName}`);
const workload = workloadsOf(testCase, Number(nodes) || undefined).find(
  ({ name }) => name === workloadName,
);
if (!workload) throw new Error(`case ${caseName} has no workload ${workloadName}`);
const rig = await (rigName === "alone" ? memoryRig() : apiRig());
const options = { folder, deadlineMs: Number(deadline) * 1000 };
const { gapsMs, latenciesMs, ...rest } = await runCase(rig, testCase, workload, options);
for (const complaint of new Set(rig.complaints)) console.error(complaint);
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(
  JSON.stringify({ ...rest, gap: summarize(gapsMs), latency: summarize(latenciesMs), megabytes }),
);
// What is under way serves nobody any more.
process.exit(process.exitCode ?? 0);
