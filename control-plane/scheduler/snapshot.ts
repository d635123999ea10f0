import { isPodTerminal, podRequests } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import { keyOf } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import { invariant } from "#kit/invariant";

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
  /** By node name; also of nodes that are not there (yet, or any more) but have pods. */
  private readonly states = new Map<string, NodeState>();
  private readonly present = new Map<string, NodeState>();
  private readonly nodeOfPod = new Map<string, string>();

  get nodes(): IterableIterator<NodeState> {
    return this.present.values();
  }

  get size(): number {
    return this.present.size;
  }

  get(name: string): NodeState | undefined {
    return this.present.get(name);
  }

  setNode(node: Node): void {
    const { name } = node.metadata;
    const state = this.stateOf(name);
    state.node = node;
    state.allocatable = allocatableOf(node);
    this.present.set(name, state);
  }

  /** Its pods stay counted: the node may come back, and its pods are deleted by others. */
  removeNode(name: string): void {
    this.present.delete(name);
    this.forgetIfEmpty(name);
  }

  /** Counts a pod on its node; a pod that moved, changed or ended is counted as it is now. */
  setPod(pod: Pod): void {
    const key = keyOf(pod);
    this.removePod(key);
    const nodeName = pod.spec.nodeName;
    if (!nodeName || isPodTerminal(pod)) return;
    const state = this.stateOf(nodeName);
    const requests = podRequests(pod);
    state.pods.set(key, { pod, requests });
    state.requested = combine(state.requested, requests, 1);
    this.nodeOfPod.set(key, nodeName);
  }

  /** Gives the node that has room again, if the pod was counted. */
  removePod(key: string): string | undefined {
    const nodeName = this.nodeOfPod.get(key);
    if (nodeName === undefined) return undefined;
    this.nodeOfPod.delete(key);
    const state = this.stateOf(nodeName);
    const placed = state.pods.get(key);
    invariant(placed, `pod ${key} is counted on node ${nodeName}`);
    state.pods.delete(key);
    state.requested = combine(state.requested, placed.requests, -1);
    this.forgetIfEmpty(nodeName);
    return nodeName;
  }

  private stateOf(name: string): NodeState {
    const known = this.states.get(name);
    if (known) return known;
    const state: NodeState = {
      name,
      node: { apiVersion: "v1", kind: "Node", metadata: { name }, spec: {} },
      allocatable: nothing,
      requested: nothing,
      pods: new Map(),
    };
    this.states.set(name, state);
    return state;
  }

  private forgetIfEmpty(name: string): void {
    if (!this.present.has(name) && this.states.get(name)?.pods.size === 0) this.states.delete(name);
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
