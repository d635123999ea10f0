import type { Plugin } from "#control-plane/scheduler/framework";

/**
 * Prefers nodes whose cpu and memory would be used to the same share, so that neither is left over. Source:
 * Kubernetes' NodeResourcesBalancedAllocation: 100 less half the difference of the shares.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: "NodeResourcesBalancedAllocation",
  isLocal: true,
  prepare: ({ requests }) =>
    requests.cpuMillis > 0 || requests.memoryBytes > 0 ? requests : undefined,
  score(_prepared, { requests }, { allocatable, requested }) {
    if (allocatable.cpuMillis === 0 || allocatable.memoryBytes === 0) return 100;
    const cpu = (requested.cpuMillis + requests.cpuMillis) / allocatable.cpuMillis;
    const memory = (requested.memoryBytes + requests.memoryBytes) / allocatable.memoryBytes;
    const difference = Math.abs(Math.min(cpu, 1) - Math.min(memory, 1));
    return Math.trunc((1 - difference / 2) * 100);
  },
  weight: 1,
  retryOn: {},
};
