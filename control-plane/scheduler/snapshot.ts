import { isPodTerminal, podRequests } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import { keyOf } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";

/**
 * The scheduler's picture of the cluster: one NodeState per node with running sums, so that a decision costs
 * the number of nodes and never the number of pods already placed. Owned by the scheduler; changed only by
 * `setNode`, `removeNode`, `setPod` and `removePod`, from informers and from its own decisions (assume).
 *
 * Invariants:
 * - A node's `requested` is the sum over `pods`, always (held by snapshot.test.ts).
 * - A pod counts on at most one node, and stops counting when it is terminal.
 */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  readonly pods: number;
  readonly extended: Readonly<Record<string, number>>;
}

export interface NodeState {
  readonly name: string;
  node: Node;
  allocatable: Resources;
  requested: Resources;
  readonly pods: Map<string, PlacedPod>;
}

interface PlacedPod {
  readonly pod: Pod;
  readonly requests: Resources;
}

const nothing: Resources = {
  cpuMillis: 0,
  memoryBytes: 0,
  ephemeralStorageBytes: 0,
  pods: 0,
  extended: {},
};

export class Snapshot {
  private readonly byName = new Map<string, NodeState>();
  private readonly nodeOfPod = new Map<string, string>();

  get nodes(): IterableIterator<NodeState> {
    return this.byName.values();
  }

  get size(): number {
    return this.byName.size;
  }

  get(name: string): NodeState | undefined {
    return this.byName.get(name);
  }

  setNode(node: Node): void {
    const state = this.stateOf(node.metadata.name, node);
    state.node = node;
    state.allocatable = allocatableOf(node);
  }

  /** The pods stay counted: the node may come back, and its pods are deleted by others. */
  removeNode(name: string): void {
    this.byName.delete(name);
  }

  /** Counts a pod on its node; a pod that moved, changed or ended is counted as it is now. */
  setPod(pod: Pod): void {
    const key = keyOf(pod);
    this.removePod(key);
    const nodeName = pod.spec.nodeName;
    if (!nodeName || isPodTerminal(pod)) return;
    const state = this.byName.get(nodeName);
    if (!state) return;
    const requests = podRequests(pod);
    state.pods.set(key, { pod, requests });
    state.requested = combine(state.requested, requests, 1);
    this.nodeOfPod.set(key, nodeName);
  }

  removePod(key: string): void {
    const nodeName = this.nodeOfPod.get(key);
    if (nodeName === undefined) return;
    this.nodeOfPod.delete(key);
    const state = this.byName.get(nodeName);
    const placed = state?.pods.get(key);
    if (!state || !placed) return;
    state.pods.delete(key);
    state.requested = combine(state.requested, placed.requests, -1);
  }

  private stateOf(name: string, node: Node): NodeState {
    const known = this.byName.get(name);
    if (known) return known;
    const state: NodeState = {
      name,
      node,
      allocatable: nothing,
      requested: nothing,
      pods: new Map(),
    };
    this.byName.set(name, state);
    return state;
  }
}

function combine(a: Resources, b: Resources, sign: 1 | -1): Resources {
  return {
    cpuMillis: a.cpuMillis + sign * b.cpuMillis,
    memoryBytes: a.memoryBytes + sign * b.memoryBytes,
    ephemeralStorageBytes: a.ephemeralStorageBytes + sign * b.ephemeralStorageBytes,
    pods: a.pods + sign * b.pods,
    extended: combineExtended(a.extended, b.extended, sign),
  };
}

function combineExtended(
  a: Resources["extended"],
  b: Resources["extended"],
  sign: 1 | -1,
): Resources["extended"] {
  const names = Object.keys(b);
  if (names.length === 0) return a;
  const sum: Record<string, number> = { ...a };
  for (const name of names) sum[name] = (sum[name] ?? 0) + sign * (b[name] ?? 0);
  return sum;
}

function allocatableOf(node: Node): Resources {
  const allocatable = node.status?.allocatable ?? node.status?.capacity ?? {};
  const { cpu, memory, pods, "ephemeral-storage": storage, ...others } = allocatable;
  const extended: Record<string, number> = {};
  for (const [name, quantity] of Object.entries(others)) extended[name] = bytes(quantity);
  return {
    cpuMillis: cpu === undefined ? 0 : milliCpu(cpu),
    memoryBytes: memory === undefined ? 0 : bytes(memory),
    ephemeralStorageBytes: storage === undefined ? 0 : bytes(storage),
    pods: pods === undefined ? 0 : bytes(pods),
    extended,
  };
}
