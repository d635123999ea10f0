import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Container, Pod } from "#api/schema/types";
import { uidOf } from "#node-agent/objects";
import { qosClass } from "#node-agent/pod/qos";
import type { Resources } from "#runtime/runtime";

const guaranteedOomScore = -997;
const bestEffortOomScore = 1000;

/** Kubernetes' mapping of requests and limits; a pod's own pids limit comes with its sandbox. */
export function containerResources(
  pod: Pod,
  container: Container,
  nodeMemoryBytes: number,
): Resources {
  const { requests, limits } = container.resources ?? {};
  const cpuLimitMillis = milliCpu(limits?.cpu);
  const memoryLimitBytes = bytes(limits?.memory);
  return {
    cpuRequestMillis: requests?.cpu === undefined ? cpuLimitMillis : milliCpu(requests.cpu),
    ...(cpuLimitMillis > 0 ? { cpuLimitMillis } : {}),
    ...(memoryLimitBytes > 0 ? { memoryLimitBytes } : {}),
    oomScoreAdj: oomScoreAdj(pod, container, nodeMemoryBytes),
  };
}

/** The larger the share of memory a Burstable container requested, the later it is killed. */
export function oomScoreAdj(pod: Pod, container: Container, nodeMemoryBytes: number): number {
  const isCritical = (pod.spec.priority ?? 0) >= 2_000_000_000;
  const qos = qosClass(pod);
  if (qos === "Guaranteed" || isCritical) return guaranteedOomScore;
  if (qos === "BestEffort") return bestEffortOomScore;
  const { requests, limits } = container.resources ?? {};
  const requested = bytes(requests?.memory ?? limits?.memory);
  const score = 1000 - Math.floor((1000 * requested) / nodeMemoryBytes);
  if (score < 1000 + guaranteedOomScore) return 1000 + guaranteedOomScore;
  return score >= bestEffortOomScore ? bestEffortOomScore - 1 : score;
}

/** Limits of the pod as a whole: only where every container has one, since the others may use what is left. */
export function podResources(pod: Pod, podPidsLimit: number): Resources {
  const { containers, initContainers = [] } = pod.spec;
  const sum = (pick: (container: Container) => number): number =>
    containers.reduce((total, container) => total + pick(container), 0);
  const cpuLimit = (each: Container) => milliCpu(each.resources?.limits?.cpu);
  const memoryLimit = (each: Container) => bytes(each.resources?.limits?.memory);
  const all = [...containers, ...initContainers];
  const hasCpu = all.every((each) => cpuLimit(each) > 0);
  const hasMemory = all.every((each) => memoryLimit(each) > 0);
  const request = (each: Container) =>
    each.resources?.requests?.cpu === undefined
      ? cpuLimit(each)
      : milliCpu(each.resources.requests.cpu);
  const initMax = (pick: (each: Container) => number) => Math.max(0, ...initContainers.map(pick));
  return {
    cpuRequestMillis: Math.max(sum(request), initMax(request)),
    ...(hasCpu ? { cpuLimitMillis: Math.max(sum(cpuLimit), initMax(cpuLimit)) } : {}),
    ...(hasMemory ? { memoryLimitBytes: Math.max(sum(memoryLimit), initMax(memoryLimit)) } : {}),
    pidsLimit: podPidsLimit,
  };
}

/**
 * Each pod is a group of its own below the instance's. Groups per QoS class in between would share the CPU by
 * class first, and all BestEffort pods together would outweigh a Guaranteed one: a pod's weight must stand
 * beside every other pod's.
 */
export function cgroupParent(pod: Pod): string {
  return `pod${uidOf(pod)}`;
}
