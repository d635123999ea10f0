import { podQosClass, type QosClass } from "#api/kinds/pod-resources";
import type { Pod } from "#api/schema/types";

export type { QosClass } from "#api/kinds/pod-resources";

/** Kubernetes' quality of service class of a pod whose spec has its defaults. */
export function qosClass(pod: Pod): QosClass {
  return podQosClass(pod);
}
