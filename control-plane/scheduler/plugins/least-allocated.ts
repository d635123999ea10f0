import type { Plugin } from "#control-plane/scheduler/framework";

/** What a container without requests is assumed to use, for spreading only. Source: Kubernetes' scheduler. */
const DEFAULT_CPU_MILLIS = 100;
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024;

/** Prefers the node with the larger free share of cpu and memory (0..100), so that pods spread. */
export const leastAllocated: Plugin = {
  name: "LeastAllocated",
  score(_prepared, { requests }, { allocatable, requested, pods }) {
    const assumed = pods.size + 1;
    const cpu = Math.max(requested.cpuMillis + requests.cpuMillis, assumed * DEFAULT_CPU_MILLIS);
    const memory = Math.max(
      requested.memoryBytes + requests.memoryBytes,
      assumed * DEFAULT_MEMORY_BYTES,
    );
    return (freeShare(cpu, allocatable.cpuMillis) + freeShare(memory, allocatable.memoryBytes)) / 2;
  },
  retryOn: [],
};

function freeShare(used: number, all: number): number {
  return all === 0 || used >= all ? 0 : ((all - used) * 100) / all;
}
