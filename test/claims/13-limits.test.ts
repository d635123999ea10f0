import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { type ClaimNode, onNode } from "#test/claims/node";
import { eventually, exitCode, whyNot } from "#test/e2e/runtime-fixture";

const PERIODS = 10;
/** Little enough to be had on a host that is busy with others. */
const LIMIT_MILLIS = 20;

claim(
  13,
  "CPU, memory and processes of a container are limited: it is throttled, killed as OOMKilled, and cannot fork on",
  (report) =>
    onNode(async (node) => {
      const resources = { cpuLimitMillis: LIMIT_MILLIS };
      const busy = await node.run("while :; do :; done", { resources });
      await eventually("it was held back in ten periods", async () => {
        return (await counter(node, busy, "nr_throttled")) >= PERIODS;
      });
      const throttled = await counter(node, busy, "nr_throttled");
      const periods = await counter(node, busy, "nr_periods");
      report.figure(
        `throttled at ${LIMIT_MILLIS / 1000} cores`,
        `${throttled} of ${periods} periods`,
      );

      const greedy = await node.run("exec dd if=/dev/zero of=/dev/null bs=200M count=1", {
        resources: { memoryLimitBytes: 32 << 20 },
      });
      expect(await exitCode(node.runtime, greedy)).toBe(137);
      const ended = await node.runtime.containerStatus(greedy);
      expect(ended?.reason).toBe("OOMKilled");
      report.figure("200 MB in 32 MiB", `exit ${ended?.exitCode}, ${ended?.reason}`);

      const bomb = "i=0; while [ $i -lt 50 ]; do sleep 5 & i=$((i+1)); done";
      const { text } = await node.output(bomb, { resources: { pidsLimit: 8 } });
      expect(text).toContain("can't fork");
      report.figure("fork bomb in 8 processes", "can't fork");
    }),
  whyNot,
);

/** From the container's own view of its group, on either version of control groups. */
async function counter(node: ClaimNode, id: string, name: string): Promise<number> {
  const script = "cat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null || cat /sys/fs/cgroup/cpu.stat";
  const { text } = await node.execute(id, "sh", "-c", script);
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}
