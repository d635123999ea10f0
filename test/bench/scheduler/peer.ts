import { podKind } from "#api/kinds/pod";
import { podRequests } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";
import { openInProcessApi } from "#test/bench/scheduler/api-rig";
import { inParallel } from "#test/bench/scheduler/in-parallel";
import { stampNodes, Templates } from "#test/bench/scheduler/templates";

/** What others reach in the same run, to read the figures by. */

/** The least that a scheduler could do: look at every node's cpu, memory and pods, and take the emptiest. */
export function bareLoop(folder: string, nodeCount: number, podCount: number): number {
  const templates = new Templates(folder);
  const nodes = stampNodes(templates, { opcode: "createNodes" }, nodeCount).map(roomOf);
  const pod = templates.stamp<Pod>("templates/pod-default.yaml");
  const startedAt = performance.now();
  for (let i = 0; i < podCount; i++) {
    const { cpuMillis, memoryBytes } = podRequests(pod);
    let best: Room | undefined;
    for (const node of nodes) {
      if (node.cpu < cpuMillis || node.memory < memoryBytes || node.pods < 1) continue;
      if (!best || node.cpu > best.cpu) best = node;
    }
    if (!best) break;
    best.cpu -= cpuMillis;
    best.memory -= memoryBytes;
    best.pods -= 1;
  }
  return podCount / ((performance.now() - startedAt) / 1000);
}

interface Room {
  cpu: number;
  memory: number;
  pods: number;
}

function roomOf({ status }: Node): Room {
  const { cpu = "0", memory = "0", pods = "0" } = status?.allocatable ?? {};
  return { cpu: milliCpu(cpu), memory: bytes(memory), pods: Number(pods) };
}

/** Bindings per second through API server and store when nobody has to decide anything. */
export async function bindingsAlone(folder: string, podCount: number): Promise<number> {
  const api = await openInProcessApi();
  try {
    const templates = new Templates(folder);
    const node = stampNodes(templates, { opcode: "createNodes" }, 1)[0] as Node;
    const names = Array.from({ length: podCount }, (_, i) => `pod-${i}`);
    await inParallel(names, 100, (name) =>
      api.client.create(
        podKind,
        templates.stamp<Pod>("templates/pod-default.yaml", { name, namespace: "default" }),
      ),
    );
    const startedAt = performance.now();
    await inParallel(names, 100, (name) =>
      api.client.createSubresource(
        podKind,
        { name, namespace: "default", subresource: "binding" },
        {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name, namespace: "default" },
          target: { apiVersion: "v1", kind: "Node", name: node.metadata.name },
        },
      ),
    );
    return podCount / ((performance.now() - startedAt) / 1000);
  } finally {
    await api.close();
  }
}
