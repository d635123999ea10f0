import { expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { commitments } from "#api/capacity/commitments";

function pod(name: string, nodeName: string, cpu: string, limit: string, phase = "Running"): Pod {
  const resources = { requests: { cpu, memory: "1Gi" }, limits: { cpu: limit } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { nodeName, containers: [{ name: "main", resources }] },
    status: { phase },
  };
}

test("what is promised and allowed on a node is counted from its living pods", () => {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    spec: {},
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } },
  };
  const pods = [
    pod("a", "n1", "1", "4"),
    pod("b", "n1", "500m", "2"),
    pod("done", "n1", "2", "2", "Succeeded"),
    pod("elsewhere", "n2", "1", "1"),
  ];
  expect(commitments([node], pods)).toEqual([
    {
      name: "n1",
      cpuMillis: { requested: 1_500, limited: 6_000, allocatable: 4_000 },
      memoryBytes: { requested: 2 * 2 ** 30, limited: 0, allocatable: 8 * 2 ** 30 },
      pods: { count: 2, allocatable: 110 },
    },
  ]);
});
