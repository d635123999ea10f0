import { cpus } from "node:os";
import { expect } from "vitest";
import { summarize } from "#test/bench/statistics";
import { claim, megabytes, milliseconds } from "#test/claims/claim";
import { onNode, residentBytes } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const CONTAINERS = 60;

claim(
  10,
  "many containers share one kernel: sixty, each in a sandbox of its own, run on this machine",
  (report) =>
    onNode(async (node) => {
      await node.output("true"); // the first one unpacks the image
      const times: number[] = [];
      const ids: string[] = [];
      for (let i = 0; i < CONTAINERS; i++) {
        const from = performance.now();
        ids.push(await node.run("exec sleep 600"));
        times.push(performance.now() - from);
      }
      const all = await node.runtime.listContainers();
      expect(all.filter(({ state }) => state === "running")).toHaveLength(CONTAINERS);
      const pids = await Promise.all(ids.map((id) => node.pidOf(id)));
      const supervisors = (await node.runtime.listSandboxes()).map(({ pid }) => pid ?? 0);
      const total = (all: readonly number[]) => all.map(residentBytes).reduce((a, b) => a + b, 0);
      const { p50, p99 } = summarize(times);
      report.figure("containers", `${CONTAINERS} on ${cpus().length} cores`);
      report.figure("RSS of the containers", megabytes(total(pids)));
      report.figure("RSS of the supervisors", megabytes(total(supervisors)));
      report.figure("sandbox and start", `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`);
    }),
  whyNot,
);
