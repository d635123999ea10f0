import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { summarize } from "#test/bench/statistics";
import { claim, milliseconds } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { exitCode, whyNot } from "#test/e2e/runtime-fixture";

const ROUNDS = 40;
const WORK = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";

claim(
  11,
  "an instance starts in milliseconds and computes as fast as the host does",
  (report) =>
    onNode(async (node) => {
      const sandboxId = await node.sandbox();
      await node.output("true"); // the first one unpacks the image
      const starts: number[] = [];
      const ends: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const from = performance.now();
        const id = await node.run("", { sandboxId, command: ["/bin/true"] });
        starts.push(performance.now() - from);
        expect(await exitCode(node.runtime, id)).toBe(0);
        ends.push(performance.now() - from);
        await node.runtime.removeContainer(id);
      }
      const id = await node.run("sleep 600", { sandboxId });
      const times = { host: [] as number[], inside: [] as number[] };
      for (let round = 0; round < 5; round++) {
        times.host.push(timed(() => execFileSync("/bin/busybox", ["sh", "-c", WORK])));
        const from = performance.now();
        await node.execute(id, "sh", "-c", WORK);
        times.inside.push(performance.now() - from);
      }
      const shown = (values: readonly number[]): string => {
        const { p50, p99 } = summarize(values);
        return `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`;
      };
      report.figure("create and start", shown(starts));
      report.figure("create, start, run true, seen to end", shown(ends));
      report.figure("a CPU loop on the host", milliseconds(Math.min(...times.host)));
      report.figure("the same inside", milliseconds(Math.min(...times.inside)));
    }),
  whyNot,
);

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
