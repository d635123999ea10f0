import { podLimits, podRequests } from "#api/kinds/pod-resources";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Container, Pod } from "#api/schema/types";
import { uidOf } from "#node-agent/objects";
import { qosClass } from "#node-agent/pod/qos";
import type { Resources } from "#runtime/runtime";

const guaranteedOomScore = -997;
const bestEffortOomScore = 1000;

/** What an in-place resize changes. Absent: no limit. */
export type Size = Pick<Resources, "cpuRequestMillis" | "cpuLimitMillis" | "memoryLimitBytes">;

/** Kubernetes' mapping of requests and limits; a pod's own pids limit comes with its sandbox. */
export function containerResources(
  pod: Pod,
  container: Container,
  nodeMemoryBytes: number,
): Resources {
  return { ...sizeOf(container), oomScoreAdj: oomScoreAdj(pod, container, nodeMemoryBytes) };
}

export function sizeOf({ resources }: Container): Size {
  const { requests, limits } = resources ?? {};
  const cpuLimitMillis = milliCpu(limits?.cpu);
  return {
    cpuRequestMillis: requests?.cpu === undefined ? cpuLimitMillis : milliCpu(requests.cpu),
    ...limitsOf(cpuLimitMillis, bytes(limits?.memory)),
  };
}

function limitsOf(cpuLimitMillis: number, memoryLimitBytes: number): Size {
  return {
    ...(cpuLimitMillis > 0 ? { cpuLimitMillis } : {}),
    ...(memoryLimitBytes > 0 ? { memoryLimitBytes } : {}),
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

export function podResources(pod: Pod, podPidsLimit: number): Resources {
  return { ...podSize(pod), pidsLimit: podPidsLimit };
}

/**
 * The pod as a whole, with its overhead. A limit only where every container has one, since the others may use
 * what is left, or where the pod itself names it.
 */
export function podSize({ spec }: Pod): Size {
  const withRequests = (container: Container): Container => {
    const { requests, limits } = container.resources ?? {};
    return { ...container, resources: { limits, requests: { ...limits, ...requests } } };
  };
  const initContainers = (spec.initContainers ?? []).map(withRequests);
  const full = { spec: { ...spec, initContainers, containers: spec.containers.map(withRequests) } };
  const { cpuMillis, memoryBytes } = podLimits(full);
  const isBounded = (resource: "cpu" | "memory"): boolean =>
    spec.resources?.limits?.[resource] !== undefined ||
    [...initContainers, ...full.spec.containers].every((one) => one.resources?.limits?.[resource]);
  return {
    cpuRequestMillis: podRequests(full).cpuMillis,
    ...limitsOf(isBounded("cpu") ? cpuMillis : 0, isBounded("memory") ? memoryBytes : 0),
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
