import { defineAudit, type Fault } from "#api/audit/define-audit";
import { podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";

export const nodesAreNotOvercommitted = defineAudit({
  name: "nodes-are-not-overcommitted",
  invariant: "The requests of a node's pods fit into what the node can allocate.",
  isEventual: false,
  *check(objects) {
    const podsByNode = new Map<string, Pod[]>();
    for (const pod of objects.of<Pod>("Pod")) {
      const { nodeName } = pod.spec;
      if (!nodeName || isPodTerminal(pod)) continue;
      podsByNode.set(nodeName, [...(podsByNode.get(nodeName) ?? []), pod]);
    }
    for (const node of objects.of<Node>("Node")) {
      yield* checkNode(node, podsByNode.get(node.metadata.name) ?? []);
    }
  },
});

function* checkNode(node: Node, pods: readonly Pod[]): Iterable<Fault> {
  const { allocatable } = node.status ?? {};
  if (!allocatable) return;
  const requested = sumRequests(pods);
  for (const [resource, amount] of requested) {
    const offered =
      resource === "cpu" ? milliCpu(allocatable[resource]) : bytes(allocatable[resource]);
    if (amount <= offered) continue;
    const message = `its pods request ${amount} of ${resource}, and it can allocate ${offered}`;
    yield { object: node, message };
  }
}

/** cpu in thousandths, the rest in bytes or pieces; resources of which nothing is requested are left out. */
function sumRequests(pods: readonly Pod[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const pod of pods) {
    const {
      cpuMillis,
      memoryBytes,
      ephemeralStorageBytes,
      pods: count,
      extended,
    } = podRequests(pod);
    const amounts = {
      cpu: cpuMillis,
      memory: memoryBytes,
      "ephemeral-storage": ephemeralStorageBytes,
      pods: count,
      ...extended,
    };
    for (const [name, amount] of Object.entries(amounts)) {
      if (amount > 0) total.set(name, (total.get(name) ?? 0) + amount);
    }
  }
  return total;
}
