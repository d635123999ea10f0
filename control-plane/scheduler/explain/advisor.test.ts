import { expect, test } from "vitest";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { createCluster } from "#test/simulation/cluster";

test("a pending pod's events say what would make it fit, beside the message that Kubernetes writes", async () => {
  const cluster = await createCluster(seededRng(1));
  try {
    await cluster.startControlPlane();
    await cluster.addNode({ cpu: "2", memory: "4Gi", pods: "10" });
    await cluster.client.create<Pod>(podKind, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "large", namespace: "default" },
      spec: {
        containers: [{ name: "main", image: "v1", resources: { requests: { cpu: "2300m" } } }],
      },
    });
    await cluster.run(5_000);
    const { items } = await cluster.client.list(eventKind, { namespace: "default" });
    const said = items.filter(({ involvedObject }) => involvedObject.name === "large");
    const messageOf = (reason: string) => said.find((one) => one.reason === reason)?.message;
    expect(said).toHaveLength(2);
    expect(messageOf("FailedScheduling")).toMatch(
      /^0\/1 nodes are available: 1 Insufficient cpu\./,
    );
    expect(messageOf("SchedulingAdvice")).toBe("It would fit if it needed 300m cpu less (node-0).");
  } finally {
    await cluster.close();
  }
});
