import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { compile, needsCompiler } from "#test/claims/compile";
import { type ClaimNode, onNode } from "#test/claims/node";
import { exitCode, whyNot } from "#test/e2e/runtime-fixture";

claim(
  21,
  "a container that takes all the CPU and memory it can get neither kills nor starves its neighbour",
  (report) =>
    onNode(async (node) => {
      const mounts = [compile("neighbour", node.root)];
      const service = await node.run("sleep 600", {
        mounts,
        resources: { cpuRequestMillis: 1000 },
      });
      const measure = async () =>
        (await node.execute(service, "/neighbour")).text.trim().split(" ");
      const alone = await measure();

      const spin = "for i in 1 2 3 4; do while :; do :; done & done; wait";
      const hog = await node.run(spin, { resources: { cpuRequestMillis: 10 } });
      const greedy = await node.run("exec dd if=/dev/zero of=/dev/null bs=300M count=1", {
        resources: { memoryLimitBytes: 64 << 20 },
      });
      const beside = await measure();
      expect(await share(node, service)).toBeGreaterThan(50 * (await share(node, hog)));
      expect(await exitCode(node.runtime, greedy)).toBe(137);
      expect((await node.runtime.containerStatus(greedy))?.reason).toBe("OOMKilled");
      for (const id of [service, hog]) {
        expect((await node.runtime.containerStatus(id))?.state).toBe("running");
      }
      report.figure("a service's round alone", `p50 ${alone[0]} us, p99 ${alone[1]} us`);
      report.figure("beside a CPU and a memory hog", `p50 ${beside[0]} us, p99 ${beside[1]} us`);
    }),
  whyNot,
  needsCompiler,
);

/** cpu.shares on control groups v1, cpu.weight on v2. */
async function share(node: ClaimNode, id: string): Promise<number> {
  const script = "cat /sys/fs/cgroup/cpu/cpu.shares 2>/dev/null || cat /sys/fs/cgroup/cpu.weight";
  return Number((await node.execute(id, "sh", "-c", script)).text);
}
