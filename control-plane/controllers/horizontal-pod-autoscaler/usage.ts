import { milliCpu, parseQuantity, quantityToMillis } from "#api/machinery/quantity";
import type { Container, Pod } from "#api/schema/types";
import type {
  PodMetrics,
  PodUsage,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";

/** What pods use of one resource, and what they request of it, in thousandths. */
export type Computed<T> = { readonly value: T } | { readonly problem: string };

export interface Sample {
  readonly millis: number;
  readonly timestampMs: number;
  readonly windowMs: number;
}

/** Of one resource: in the whole pod, or in one container of it. */
export interface Measured {
  readonly resource: string;
  readonly container: string | undefined;
}

/** By pod name. A pod is left out when a container of it has no figure for the resource. */
export function samplesOf(
  metrics: PodMetrics,
  { resource, container }: Measured,
  namespace: string,
): Computed<ReadonlyMap<string, Sample>> {
  if (metrics.type === "failed") return { problem: metrics.problem };
  if (metrics.pods.length === 0) {
    return { problem: "no metrics returned from resource metrics API" };
  }
  const samples = new Map<string, Sample>();
  for (const pod of metrics.pods) {
    const counted = pod.containers.filter(({ name }) => !container || name === container);
    if (container && counted.length === 0) {
      const where = `container ${container} not present in metrics for pod ${namespace}/${pod.name}`;
      return { problem: `failed to get container metrics: ${where}` };
    }
    const millis = sumOf(counted, resource);
    const { timestampMs, windowMs } = pod;
    if (millis !== undefined) samples.set(pod.name, { millis, timestampMs, windowMs });
  }
  return { value: samples };
}

function sumOf(containers: PodUsage["containers"], resource: string): number | undefined {
  let sum = 0;
  for (const { usage } of containers) {
    const amount = usage[resource];
    if (amount === undefined) return undefined;
    sum += quantityToMillis(parseQuantity(amount));
  }
  return containers.length > 0 ? sum : undefined;
}

/** By pod name. Every container that counts must request the resource, unless the pod does as a whole. */
export function requestsOf(
  pods: readonly Pod[],
  { resource, container }: Measured,
): Computed<ReadonlyMap<string, number>> {
  const requests = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    const ofPod = container ? undefined : spec.resources?.requests?.[resource];
    let sum = milliCpu(ofPod);
    for (const each of ofPod === undefined ? lastingContainers(spec) : []) {
      if (container && each.name !== container) continue;
      const request = each.resources?.requests?.[resource];
      if (request === undefined) {
        const where = `in container ${each.name} of Pod ${metadata.name}`;
        return { problem: `missing request for ${resource} ${where}` };
      }
      sum += milliCpu(request);
    }
    requests.set(metadata.name, sum);
  }
  return { value: requests };
}

/** Those that run as long as the pod does. */
function lastingContainers({ containers, initContainers = [] }: Pod["spec"]): Container[] {
  return [
    ...containers,
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
}
