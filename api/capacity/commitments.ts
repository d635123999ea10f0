import { isPodTerminal } from "#api/kinds/pod-status";
import { podLimits, podRequests } from "#api/kinds/pod-resources";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";

/** How much of one resource of a node is promised and allowed, against what pods may have at all. */
export interface Commitment {
  /** What pods asked for: the scheduler keeps it at or below `allocatable`. */
  readonly requested: number;
  /** What pods may use together; above `allocatable` the node is overcommitted. A pod without a limit adds nothing. */
  readonly limited: number;
  readonly allocatable: number;
}

export interface NodeCommitment {
  readonly name: string;
  readonly cpuMillis: Commitment;
  readonly memoryBytes: Commitment;
  readonly pods: { readonly count: number; readonly allocatable: number };
}

/** Of each node, in the order given. Counted from the pods as they are: nothing of it is kept anywhere. Pure. */
export function commitments(nodes: readonly Node[], pods: readonly Pod[]): NodeCommitment[] {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (!nodeName || isPodTerminal(pod)) continue;
    const known = byNode.get(nodeName);
    if (known) known.push(pod);
    else byNode.set(nodeName, [pod]);
  }
  return nodes.map((node) => commitmentOf(node, byNode.get(node.metadata.name) ?? []));
}

function commitmentOf(node: Node, pods: readonly Pod[]): NodeCommitment {
  const allocatable = node.status?.allocatable ?? {};
  const requests = pods.map(podRequests);
  const limits = pods.map(podLimits);
  const sum = (
    values: readonly { cpuMillis: number; memoryBytes: number }[],
    of: Measured,
  ): number => values.reduce((total, value) => total + value[of], 0);
  const measure = (of: Measured, all: number): Commitment => ({
    requested: sum(requests, of),
    limited: sum(limits, of),
    allocatable: all,
  });
  return {
    name: node.metadata.name,
    cpuMillis: measure("cpuMillis", milliCpu(allocatable["cpu"])),
    memoryBytes: measure("memoryBytes", bytes(allocatable["memory"])),
    pods: { count: pods.length, allocatable: bytes(allocatable["pods"]) },
  };
}

type Measured = "cpuMillis" | "memoryBytes";
