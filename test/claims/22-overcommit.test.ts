import { expect } from "vitest";
import type { NodeCommitment } from "#api/capacity/commitments";
import { claim } from "#test/claims/claim";
import { onCluster, whyNoCluster } from "#test/claims/on-cluster";

/** Asks for little and may use half of the machine: ten of them may together use five machines. */
const REPLICAS = 10;

claim(
  22,
  "more is allowed than there is: pods are placed by what they ask for, and the overcommitment of each node can be read",
  (report) =>
    onCluster(async ({ run, kaji }) => {
      const cpus = Number(
        await run("get", "nodes", "-o", "jsonpath={.items[0].status.capacity.cpu}"),
      );
      const resources = { requests: { cpu: "10m" }, limits: { cpu: `${(cpus * 1000) / 2}m` } };
      const patch = { spec: { template: { spec: { containers: [{ name: "demo", resources }] } } } };
      await run("create", "deployment", "demo", "--image=kaji.dev/demo:v1");
      await run("patch", "deployment", "demo", "-p", JSON.stringify(patch));
      await run("scale", "deployment", "demo", `--replicas=${REPLICAS}`);
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      const { stdout } = await kaji("top", "-o", "json");
      const [node] = JSON.parse(stdout) as NodeCommitment[];
      const { requested = 0, limited = 0, allocatable = 0 } = node?.cpuMillis ?? {};
      report.figure("asked for", `${requested}m of ${allocatable}m cpu`);
      report.figure("allowed", `${limited}m`);
      expect(requested).toBeLessThan(allocatable / 2);
      expect(limited).toBeGreaterThan(allocatable);
    }),
  whyNoCluster,
);
