import { expect } from "vitest";
import { claim, megabytes } from "#test/claims/claim";
import { onNode, residentBytes } from "#test/claims/node";
import { eventually, whyNot } from "#test/e2e/runtime-fixture";

const LIMIT_BYTES = 3e6;

claim(
  1,
  "a container of a shell takes less than 3 MB of memory",
  (report) =>
    onNode(async (node) => {
      const ids = await Promise.all(
        Array.from({ length: 6 }, () => node.run("echo ready; read x", { stdin: true })),
      );
      for (const id of ids) {
        await eventually("the shell reads", async () => (await node.logOf(id)) === "ready\n");
      }
      const resident = await Promise.all(
        ids.map(async (id) => residentBytes(await node.pidOf(id))),
      );
      for (const bytes of resident) expect(bytes).toBeLessThan(LIMIT_BYTES);
      const groups = (await node.runtime.stats()).map((stats) => stats.memoryUsageBytes);
      for (const bytes of groups) expect(bytes).toBeLessThan(LIMIT_BYTES);
      const supervisors = (await node.runtime.listSandboxes()).map(({ pid }) =>
        residentBytes(pid ?? 0),
      );
      report.figure(
        "RSS of 6 shells",
        `${megabytes(Math.min(...resident))} to ${megabytes(Math.max(...resident))}`,
      );
      report.figure("cgroup memory", `at most ${megabytes(Math.max(...groups))}`);
      report.figure("our supervisor's RSS", `at most ${megabytes(Math.max(...supervisors))} each`);
    }),
  whyNot,
);
