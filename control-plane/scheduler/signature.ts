import type { Pod } from "#api/schema/types";
import type { PodToPlace } from "#control-plane/scheduler/framework";
import { placedPod, shapeOf } from "#control-plane/scheduler/pod-shape";

export const DEFAULT_PROFILE = "default-scheduler";

/**
 * Everything of a pod that local plugins may read: what it takes (pod-shape.ts), which nodes it names or
 * selects, and what it tolerates. Two pods with equal signatures and priorities get equal answers from the
 * same node.
 */
function signatureOf({ spec }: Pod, shapeKey: string): string {
  const { nodeName, nodeSelector, affinity, tolerations } = spec;
  const nodeAffinity = affinity?.nodeAffinity;
  if (!nodeName && !nodeSelector && !nodeAffinity && !tolerations) return shapeKey;
  return shapeKey + JSON.stringify([nodeName, nodeSelector, nodeAffinity, tolerations]);
}

export function toPlace(pod: Pod): PodToPlace {
  const shape = shapeOf(pod);
  return {
    ...placedPod(pod, shape),
    signature: signatureOf(pod, shape.key),
    profile: pod.spec.schedulerName || DEFAULT_PROFILE,
  };
}
