import { expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { createCluster } from "#test/simulation/cluster";

async function nodesUsed(schedulerName?: string): Promise<number> {
  const cluster = await createCluster(seededRng(1));
  try {
    await cluster.startControlPlane();
    for (let i = 0; i < 3; i++) await cluster.addNode({ cpu: "4", memory: "8Gi", pods: "10" });
    for (let i = 0; i < 3; i++) {
      await cluster.client.create<Pod>(podKind, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `p-${i}`, namespace: "default" },
        spec: {
          ...(schedulerName ? { schedulerName } : {}),
          containers: [
            { name: "main", image: "v1", resources: { requests: { cpu: "1", memory: "1Gi" } } },
          ],
        },
      });
      await cluster.run(5_000);
    }
    const { items } = await cluster.client.list(podKind, { namespace: "default" });
    return new Set(items.map(({ spec }) => spec.nodeName)).size;
  } finally {
    await cluster.close();
  }
}

test("pods spread by default, and fill one node after another under the bin-packing profile", async () => {
  expect(await nodesUsed()).toBe(3);
  expect(await nodesUsed("kaji-bin-packing")).toBe(1);
});
