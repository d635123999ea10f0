import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { podKind } from "#api/kinds/pod";
import { keyOf } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { HorizontalPodAutoscaler, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Caches, Gathering } from "#control-plane/controllers/controller";
import { decodePodMetrics } from "#control-plane/controllers/horizontal-pod-autoscaler/pod-metrics";
import {
  type AutoscalerInput,
  type AutoscalerMemory,
  dueInMs,
  type PodMetrics,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import {
  isDecidedByMetrics,
  readAnswers,
} from "#control-plane/controllers/horizontal-pod-autoscaler/read-answers";
import {
  findTarget,
  type Target,
} from "#control-plane/controllers/horizontal-pod-autoscaler/target";

/**
 * Finds the pods when it is time for a look, and reads their metrics when something depends on them: every question
 * keeps the nodes measuring for a while.
 */
export async function gatherLook(
  input: AutoscalerInput,
  { client, caches, nowMs, memory }: Gathering<AutoscalerMemory>,
): Promise<AutoscalerInput> {
  const { autoscaler, target } = input;
  if (dueInMs(autoscaler, memory, nowMs) > 0) return input;
  const pods = podsOf(target, caches);
  const contenders = contendersOf(autoscaler, pods, caches);
  const metrics = isMeasured(input)
    ? await readMetrics(client, autoscaler.metadata.namespace ?? "", pods)
    : ({ type: "read", pods: [] } as const);
  const answers = await readAnswers(client, input);
  return { ...input, look: { pods, contenders, metrics, answers } };
}

function podsOf(target: Target, caches: Caches): Pod[] {
  if (target.type === "missing") return [];
  const { selector, object } = target;
  const pods = caches.inNamespace(podKind, object.metadata.namespace ?? "");
  return pods.filter(({ metadata }) => selector.matches(metadata.labels));
}

/** The other autoscalers that would count some of these pods as theirs. */
function contendersOf(
  autoscaler: HorizontalPodAutoscaler,
  pods: readonly Pod[],
  caches: Caches,
): string[] {
  if (pods.length === 0) return [];
  // Most pods of one workload have the same labels.
  const labels = new Map(pods.map((pod) => [JSON.stringify(pod.metadata.labels), pod]));
  const samples = [...labels.values()];
  return caches
    .inNamespace(horizontalPodAutoscalerKind, autoscaler.metadata.namespace ?? "")
    .filter((other) => keyOf(other) !== keyOf(autoscaler))
    .filter((other) => {
      const target = findTarget(other, caches);
      if (target.type === "missing") return false;
      return samples.some(({ metadata }) => target.selector.matches(metadata.labels));
    })
    .map(({ metadata }) => metadata.name);
}

async function readMetrics(
  client: Client,
  namespace: string,
  pods: readonly Pod[],
): Promise<PodMetrics> {
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  try {
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
    return decodePodMetrics(await client.raw("GET", path), names);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const problem = `unable to fetch metrics from resource metrics API: ${error.message}`;
    return { type: "failed", problem };
  }
}

function isMeasured(input: AutoscalerInput): boolean {
  const { metrics = [] } = input.autoscaler.spec;
  return (
    isDecidedByMetrics(input) &&
    metrics.some(({ type }) => type === "Resource" || type === "ContainerResource")
  );
}
