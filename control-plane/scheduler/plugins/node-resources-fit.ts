import type { Node } from "#api/schema/types";
import type { ClusterView, Plugin, PodToPlace, Refusal } from "#control-plane/scheduler/framework";
import { allocatableOf, type NodeState, type Resources } from "#control-plane/scheduler/node-state";
import {
  leastAllocated,
  type ScoringStrategy,
} from "#control-plane/scheduler/plugins/scoring-strategy";

/** Requests must fit into what the node can allocate and has not promised yet; scored by how full it gets. */
export const nodeResourcesFit = createNodeResourcesFit(leastAllocated);

export function createNodeResourcesFit(strategy: ScoringStrategy): Plugin {
  return {
    name: "NodeResourcesFit",
    isLocal: true,
    filter: (_prepared, { requests }, node) => lacking(requests, node),
    score: (_prepared, pod, node) => strategy(pod, node),
    retryOn: {
      nodeAdded: ({ node }, pod) => canEverFit(pod, node),
      nodeChanged: ({ previous, node }, pod) =>
        canEverFit(pod, node) && hasMore(previous, node, pod),
      podGone: ({ nodeName }, pod, view) => hasRoom(nodeName, pod, view),
      podChanged: ({ pod: changed }, pod, view) => hasRoom(changed.spec.nodeName, pod, view),
    },
  };
}

function lacking(wanted: Resources, { allocatable, requested }: NodeState): Refusal | undefined {
  const reasons: string[] = [];
  let isFinal = false;
  const check = (amount: number, used: number, all: number, reason: string): void => {
    if (amount === 0 || used + amount <= all) return;
    reasons.push(reason);
    if (amount > all) isFinal = true;
  };
  if (requested.pods + wanted.pods > allocatable.pods) reasons.push("Too many pods");
  check(wanted.cpuMillis, requested.cpuMillis, allocatable.cpuMillis, "Insufficient cpu");
  check(wanted.memoryBytes, requested.memoryBytes, allocatable.memoryBytes, "Insufficient memory");
  check(
    wanted.ephemeralStorageBytes,
    requested.ephemeralStorageBytes,
    allocatable.ephemeralStorageBytes,
    "Insufficient ephemeral-storage",
  );
  for (const name of Object.keys(wanted.extended)) {
    const used = requested.extended[name] ?? 0;
    const all = allocatable.extended[name] ?? 0;
    check(wanted.extended[name] ?? 0, used, all, `Insufficient ${name}`);
  }
  return reasons.length > 0 ? { type: "refusal", reasons, isFinal } : undefined;
}

/** On the node where something ended; what is kept there for others of no lower priority is taken. */
function hasRoom(
  nodeName: string | undefined,
  pod: PodToPlace,
  { snapshot }: ClusterView,
): boolean {
  const node = nodeName === undefined ? undefined : snapshot.get(nodeName);
  if (!node) return false;
  const others = node.nominated.filter(
    ({ key, priority }) => key !== pod.key && priority >= pod.priority,
  );
  if (others.length === 0) return !lacking(pod.requests, node);
  const supposed = snapshot.suppose(node);
  try {
    for (const other of others) supposed.add(other);
    return !lacking(pod.requests, node);
  } finally {
    supposed.undo();
  }
}

function canEverFit({ requests }: PodToPlace, node: Node): boolean {
  const all = allocatableOf(node);
  return (
    requests.cpuMillis <= all.cpuMillis &&
    requests.memoryBytes <= all.memoryBytes &&
    requests.ephemeralStorageBytes <= all.ephemeralStorageBytes &&
    requests.pods <= all.pods &&
    Object.entries(requests.extended).every(([name, amount]) => amount <= (all.extended[name] ?? 0))
  );
}

/** Of something that the pod needs. */
function hasMore(previous: Node, node: Node, { requests }: PodToPlace): boolean {
  const before = allocatableOf(previous);
  const now = allocatableOf(node);
  return (
    now.pods > before.pods ||
    (requests.cpuMillis > 0 && now.cpuMillis > before.cpuMillis) ||
    (requests.memoryBytes > 0 && now.memoryBytes > before.memoryBytes) ||
    (requests.ephemeralStorageBytes > 0 &&
      now.ephemeralStorageBytes > before.ephemeralStorageBytes) ||
    Object.keys(requests.extended).some(
      (name) => (now.extended[name] ?? 0) > (before.extended[name] ?? 0),
    )
  );
}
