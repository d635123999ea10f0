import type { Node, Pod } from "#api/schema/types";
import {
  NO_RESOURCES,
  type NodeState,
  type PlacedPod,
  type Resources,
} from "#control-plane/scheduler/node-state";

interface Sums {
  cpuMillis: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  pods: number;
  extended: Record<string, number>;
}

/** A PlacedPod whose newest version its Snapshot puts in. */
export interface MutablePlacedPod extends PlacedPod {
  pod: Pod;
}

/** A NodeState that its Snapshot changes. Invariant: the sums are those over `pods`. */
export class MutableNodeState implements NodeState {
  readonly name: string;
  readonly index: number;
  node: Node;
  allocatable: Resources = NO_RESOURCES;
  readonly requested: Sums = { ...NO_RESOURCES, extended: {} };
  readonly assumedUse = { cpuMillis: 0, memoryBytes: 0 };
  readonly pods = new Map<string, MutablePlacedPod>();
  readonly podsWithPorts = new Set<PlacedPod>();
  nominated: readonly PlacedPod[] = [];

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
    this.node = { apiVersion: "v1", kind: "Node", metadata: { name }, spec: {} };
  }

  add(pod: MutablePlacedPod): void {
    this.pods.set(pod.key, pod);
    if (pod.hostPorts.length > 0) this.podsWithPorts.add(pod);
    this.count(pod, 1);
  }

  remove(pod: PlacedPod): void {
    this.pods.delete(pod.key);
    this.podsWithPorts.delete(pod);
    this.count(pod, -1);
  }

  private count({ requests, assumedUse }: PlacedPod, sign: 1 | -1): void {
    const { requested } = this;
    requested.cpuMillis += sign * requests.cpuMillis;
    requested.memoryBytes += sign * requests.memoryBytes;
    requested.ephemeralStorageBytes += sign * requests.ephemeralStorageBytes;
    requested.pods += sign * requests.pods;
    for (const name of Object.keys(requests.extended)) {
      const amount = requests.extended[name] ?? 0;
      requested.extended[name] = (requested.extended[name] ?? 0) + sign * amount;
    }
    this.assumedUse.cpuMillis += sign * assumedUse.cpuMillis;
    this.assumedUse.memoryBytes += sign * assumedUse.memoryBytes;
  }
}
