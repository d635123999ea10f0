import { podRequests } from "#api/kinds/pod-resources";
import type { Pod } from "#api/schema/types";
import type { Signal } from "#node-agent/eviction/thresholds";

/** What a pod uses, as measured now. Bytes, inodes and processes. */
export interface PodUsage {
  readonly pod: Pod;
  readonly memoryBytes: number;
  readonly pids: number;
  readonly diskBytes: number;
  readonly inodes: number;
  readonly containers: readonly ContainerUsage[];
}

export interface ContainerUsage {
  readonly name: string;
  readonly memoryBytes: number;
  /** Writable layer and logs. */
  readonly diskBytes: number;
}

const systemCriticalPriority = 2_000_000_000;

/** Kubernetes' system-cluster-critical and system-node-critical: never evicted for pressure. */
export function isCritical({ spec }: Pod): boolean {
  return (spec.priority ?? 0) >= systemCriticalPriority;
}

/**
 * In which order pods go, the first first. Source: Kubernetes, "Node-pressure Eviction: pod selection for kubelet
 * eviction": those beyond their requests, then by priority, then by how far beyond.
 */
export function rankForEviction(pods: readonly PodUsage[], signal: Signal): PodUsage[] {
  const measure = measures[signal];
  const rank = (usage: PodUsage): readonly number[] => {
    const excess = measure.used(usage) - measure.requested(usage.pod);
    return [measure.hasRequests && excess <= 0 ? 1 : 0, usage.pod.spec.priority ?? 0, -excess];
  };
  return pods
    .filter(({ pod }) => !isCritical(pod))
    .map((usage) => ({ usage, key: rank(usage) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ usage }) => usage);
}

interface Measure {
  used(usage: PodUsage): number;
  requested(pod: Pod): number;
  readonly hasRequests: boolean;
}

const memory: Measure = {
  used: ({ memoryBytes }) => memoryBytes,
  requested: (pod) => podRequests(pod).memoryBytes,
  hasRequests: true,
};
const disk: Measure = {
  used: ({ diskBytes }) => diskBytes,
  requested: (pod) => podRequests(pod).ephemeralStorageBytes,
  hasRequests: true,
};
const inodes: Measure = { used: (usage) => usage.inodes, requested: () => 0, hasRequests: true };
const pids: Measure = { used: (usage) => usage.pids, requested: () => 0, hasRequests: false };

const measures: Readonly<Record<Signal, Measure>> = {
  "memory.available": memory,
  "nodefs.available": disk,
  "imagefs.available": disk,
  "nodefs.inodesFree": inodes,
  "imagefs.inodesFree": inodes,
  "pid.available": pids,
};

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
