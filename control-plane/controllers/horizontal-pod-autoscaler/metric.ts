import { formatQuantity, parseQuantity, quantityToMillis } from "#api/machinery/quantity";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "#api/schema/types";
import {
  byAverage,
  byUtilization,
  type Proposed,
  propose,
  tolerancesOf,
} from "#control-plane/controllers/horizontal-pod-autoscaler/proposal";
import { groupPods } from "#control-plane/controllers/horizontal-pod-autoscaler/readiness";
import { evaluateAnswer } from "#control-plane/controllers/horizontal-pod-autoscaler/custom-metric";
import type {
  Look,
  MetricAnswer,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import {
  type Computed,
  type Measured,
  requestsOf,
  samplesOf,
} from "#control-plane/controllers/horizontal-pod-autoscaler/usage";

/** What one metric of an autoscaler asks for. */
export type MetricResult =
  | {
      readonly type: "proposal";
      readonly replicas: number;
      /** As in "cpu resource utilization (percentage of request)". */
      readonly name: string;
      readonly status: MetricStatus;
    }
  | MetricFailure;

export interface MetricFailure {
  readonly type: "failure";
  /** Of the condition and the event. */
  readonly reason: string;
  readonly problem: string;
  /** What comes before the problem where that of all metrics is told. */
  readonly prefix: string;
}

export interface MetricContext extends Pick<Look, "pods" | "metrics"> {
  /** To this metric; undefined: nobody was asked. */
  readonly answer?: MetricAnswer | undefined;
  /** Pods that the target has, as its scale subresource counts them. */
  readonly statusReplicas?: number;
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly currentReplicas: number;
  readonly nowMs: number;
}

export function evaluateMetric(metric: MetricSpec, context: MetricContext): MetricResult {
  const { resource, containerResource } = metric;
  if (metric.type === "Resource" && resource) {
    const measured = { resource: resource.name, container: undefined };
    return ofResource(measured, resource.target, context);
  }
  if (metric.type === "ContainerResource" && containerResource) {
    const { name, container, target } = containerResource;
    return ofResource({ resource: name, container }, target, context);
  }
  return evaluateAnswer(metric, context);
}

function ofResource(
  measured: Measured,
  target: MetricTarget,
  context: MetricContext,
): MetricResult {
  const { resource, container } = measured;
  const proposed = proposedFor(measured, target, context);
  const source = container ? "ContainerResource" : "Resource";
  const spoken = container ? "container" : "resource";
  if ("problem" in proposed) {
    const prefix = `failed to get ${resource} ${spoken} metric value: `;
    return {
      type: "failure",
      reason: `FailedGet${source}Metric`,
      problem: proposed.problem,
      prefix,
    };
  }
  const current = currentOf(proposed.value);
  const share =
    current.averageUtilization === undefined ? "" : " utilization (percentage of request)";
  const status: MetricStatus = container
    ? { type: source, containerResource: { name: resource, container, current } }
    : { type: source, resource: { name: resource, current } };
  const name = `${resource} ${container ? "container " : ""}resource${share}`;
  return { type: "proposal", replicas: proposed.value.replicas, name, status };
}

function proposedFor(
  measured: Measured,
  { averageValue, averageUtilization }: MetricTarget,
  context: MetricContext,
): Computed<Proposed> {
  const { resource } = measured;
  const isAverage = averageValue !== undefined;
  if (!isAverage && averageUtilization === undefined) {
    const lacking =
      "neither an average utilization target nor an average value (usage) target was set";
    return { problem: `invalid resource metric source: ${lacking}` };
  }
  const { pods, autoscaler, currentReplicas, nowMs } = context;
  const failed = `failed to get ${resource} ${isAverage ? "usage" : "utilization"}: `;
  const fail = (problem: string): { problem: string } => ({ problem: `${failed}${problem}` });
  const samples = samplesOf(context.metrics, measured, autoscaler.metadata.namespace ?? "");
  if ("problem" in samples) {
    return fail(`unable to get metrics for resource ${resource}: ${samples.problem}`);
  }
  if (pods.length === 0)
    return fail("no pods returned by selector while calculating replica count");
  const groups = groupPods(pods, samples.value, resource, nowMs);
  const found = propose({
    ...{ groups, currentReplicas, tolerances: tolerancesOf(autoscaler.spec.behavior) },
    ...(isAverage
      ? byAverage(quantityToMillis(parseQuantity(averageValue)))
      : byUtilization(requestsOf(pods, measured), averageUtilization ?? 0)),
  });
  return "problem" in found ? fail(found.problem) : found;
}

function currentOf({ usage: { averageMillis, percent } }: Proposed): MetricValueStatus {
  const nanos = BigInt(averageMillis) * 1_000_000n;
  const averageValue = formatQuantity({ nanos, format: "DecimalSI" });
  return percent === undefined ? { averageValue } : { averageUtilization: percent, averageValue };
}
