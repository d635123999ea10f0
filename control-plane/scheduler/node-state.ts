import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";
import type { AffinityTerms } from "#control-plane/scheduler/topology/affinity-terms";
import type { PodClass } from "#control-plane/scheduler/topology/pod-class";

/** Amounts of a node or a pod: thousandths of a CPU, bytes, and whole units of extended resources. */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  readonly pods: number;
  readonly extended: Readonly<Record<string, number>>;
}

export const NO_RESOURCES: Resources = {
  cpuMillis: 0,
  memoryBytes: 0,
  ephemeralStorageBytes: 0,
  pods: 0,
  extended: {},
};

/** What a pod is taken to use when a score must not read "no request" as "uses nothing". */
export interface AssumedUse {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

export interface HostPort {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** A node as decisions read it. Owned by the Snapshot: nobody else changes it. */
export interface NodeState {
  readonly name: string;
  /** Its place in columns; stays the same while the node is known. */
  readonly index: number;
  readonly node: Node;
  readonly allocatable: Resources;
  /** The sum over `pods`. */
  readonly requested: Resources;
  /** The sum over `pods` of what they are taken to use. */
  readonly assumedUse: AssumedUse;
  /** By namespace/name. */
  readonly pods: ReadonlyMap<string, PlacedPod>;
  /** Those of `pods` that have host ports. */
  readonly podsWithPorts: ReadonlySet<PlacedPod>;
  /** Pods for which room is being made here: they will come, and count for pods of no higher priority. */
  readonly nominated: readonly PlacedPod[];
}

/** A pod on a node, with what plugins ask of it computed once. */
export interface PlacedPod {
  readonly key: string;
  readonly pod: Pod;
  readonly priority: number;
  readonly requests: Resources;
  readonly assumedUse: AssumedUse;
  readonly hostPorts: readonly HostPort[];
  readonly podClass: PodClass;
  /** undefined: the pod asks nothing of other pods. */
  readonly terms: AffinityTerms | undefined;
}

export function allocatableOf(node: Node): Resources {
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
