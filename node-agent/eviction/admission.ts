import { toleratesTaint } from "#api/machinery/taints";
import type { Pod } from "#api/schema/types";
import { refusalMessage } from "#node-agent/eviction/messages";
import { isCritical } from "#node-agent/eviction/rank";
import type { PressureCondition } from "#node-agent/eviction/thresholds";
import type { PodEnd } from "#node-agent/pod/pod-end";
import { qosClass } from "#node-agent/pod/qos";

const memoryPressureTaint = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" };

/**
 * Whether a pod that was sent to a node under pressure may begin: a pod that asked for memory may while only
 * memory is scarce. Source: Kubernetes, "Node-pressure Eviction: node conditions".
 */
export function refusalUnderPressure(
  pod: Pod,
  conditions: ReadonlySet<PressureCondition>,
): PodEnd | undefined {
  if (conditions.size === 0 || isCritical(pod)) return undefined;
  const isMemoryOnly = conditions.size === 1 && conditions.has("MemoryPressure");
  const isTolerated = toleratesTaint(pod.spec.tolerations ?? [], memoryPressureTaint);
  if (isMemoryOnly && (qosClass(pod) !== "BestEffort" || isTolerated)) return undefined;
  const message = refusalMessage([...conditions]);
  return { reason: "Evicted", message, isDisruption: false, graceMs: 0 };
}
