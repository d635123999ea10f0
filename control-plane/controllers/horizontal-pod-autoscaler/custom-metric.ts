import { isPodReady } from "#api/kinds/pod-status";
import { formatQuantity, parseQuantity, quantityToMillis } from "#api/machinery/quantity";
import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "#api/schema/types";
import type {
  MetricContext,
  MetricResult,
} from "#control-plane/controllers/horizontal-pod-autoscaler/metric";
import {
  byAverage,
  isWithin,
  propose,
  tolerancesOf,
} from "#control-plane/controllers/horizontal-pod-autoscaler/proposal";
import { groupPods } from "#control-plane/controllers/horizontal-pod-autoscaler/readiness";
import {
  failure,
  refusedMetric,
  selectorText,
} from "#control-plane/controllers/horizontal-pod-autoscaler/refused-metric";
import type { MetricFigure } from "#control-plane/controllers/horizontal-pod-autoscaler/state";

/** What a metric of pods, of an object, or from outside the cluster asks for. */
export function evaluateAnswer(metric: MetricSpec, context: MetricContext): MetricResult {
  const { answer, autoscaler } = context;
  const namespace = autoscaler.metadata.namespace ?? "";
  if (!answer) return refusedMetric(metric, namespace);
  if (answer.type === "failed") return refusedMetric(metric, namespace, answer.problem);
  if (metric.pods) return ofPods(metric, answer.values, context);
  const total = answer.values.reduce((sum, { millis }) => sum + millis, 0);
  return ofTotal(metric, total, context);
}

function ofPods(
  { pods: source }: MetricSpec,
  values: readonly MetricFigure[],
  context: MetricContext,
): MetricResult {
  const { metric, target } = source ?? { metric: { name: "" }, target: { type: "" } };
  const fail = (problem: string): MetricResult =>
    failure("FailedGetPodsMetric", problem, "failed to get pods metric value: ");
  if (target.averageValue === undefined) {
    return fail("invalid pods metric source: an average value target must be set");
  }
  const { pods, currentReplicas, autoscaler, nowMs } = context;
  if (pods.length === 0)
    return fail("no pods returned by selector while calculating replica count");
  const samples = new Map(values.map((one) => [one.name, one]));
  const proposed = propose({
    groups: groupPods(pods, samples, "", nowMs),
    ...{ currentReplicas, tolerances: tolerancesOf(autoscaler.spec.behavior) },
    ...byAverage(millisOf(target.averageValue)),
  });
  if ("problem" in proposed) return fail(proposed.problem);
  const { replicas, usage } = proposed.value;
  const current = { averageValue: amount(usage.averageMillis) };
  const status: MetricStatus = { type: "Pods", pods: { metric, current } };
  return { type: "proposal", replicas, name: `pods metric ${metric.name}`, status };
}

interface Wanted {
  readonly replicas: number;
  readonly current: MetricValueStatus;
}

function ofTotal(metric: MetricSpec, total: number, context: MetricContext): MetricResult {
  const { object, external } = metric;
  const target = object?.target ?? external?.target ?? { type: "" };
  const wanted = wantedFor(target, total, context);
  const source = object ? "Object" : "External";
  const name = external?.metric.name ?? object?.metric.name ?? "";
  if ("problem" in wanted) {
    const spoken = object ? "object metric" : `${name} external metric`;
    const prefix = `failed to get ${spoken} value: `;
    const problem = wanted.problem.replace("%SOURCE%", source.toLowerCase());
    return failure(`FailedGet${source}Metric`, problem, prefix);
  }
  const { replicas, current } = wanted;
  const status: MetricStatus = object
    ? {
        type: source,
        object: { describedObject: object.describedObject, metric: object.metric, current },
      }
    : { type: source, external: { metric: external?.metric ?? { name }, current } };
  return { type: "proposal", replicas, name: spokenName(metric, target), status };
}

/** Kubernetes tells an average of an object as an external metric; who searches for the text finds it. */
function spokenName({ object, external }: MetricSpec, { averageValue }: MetricTarget): string {
  if (object && averageValue === undefined) {
    return `${object.describedObject.kind} metric ${object.metric.name}`;
  }
  const { name, selector } = external?.metric ?? object?.metric ?? { name: "" };
  return `external metric ${name}(${selectorText(selector)})`;
}

function wantedFor(
  { value, averageValue }: MetricTarget,
  total: number,
  context: MetricContext,
): Wanted | { readonly problem: string } {
  if (value !== undefined) return byValue(millisOf(value), total, context);
  if (averageValue !== undefined) return byShare(millisOf(averageValue), total, context);
  const lacking = "neither a value target nor an average value target was set";
  return { problem: `invalid %SOURCE% metric source: ${lacking}` };
}

/** So many pods more or less as the metric is off its target; from zero, as many as it is times the target. */
function byValue(
  targetMillis: number,
  total: number,
  { pods, currentReplicas, autoscaler }: MetricContext,
): Wanted | { readonly problem: string } {
  const current = { value: amount(total) };
  const ratio = total / targetMillis;
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio), current };
  if (isWithin(ratio, tolerancesOf(autoscaler.spec.behavior))) {
    return { replicas: currentReplicas, current };
  }
  if (pods.length === 0) {
    const none = "no pods returned by selector while calculating replica count";
    return { problem: `unable to calculate ready pods: ${none}` };
  }
  const ready = pods.filter((pod) => pod.status?.phase === "Running" && isPodReady(pod)).length;
  return { replicas: Math.ceil(ratio * ready), current };
}

/** As many pods as the metric is times what one pod may have of it. */
function byShare(
  targetMillis: number,
  total: number,
  { currentReplicas, statusReplicas = currentReplicas, autoscaler }: MetricContext,
): Wanted {
  const share = statusReplicas === 0 ? total : Math.ceil(total / statusReplicas);
  const current = { averageValue: amount(share) };
  const ratio =
    statusReplicas === 0 ? Number.POSITIVE_INFINITY : total / (targetMillis * statusReplicas);
  const isSteady = isWithin(ratio, tolerancesOf(autoscaler.spec.behavior));
  return { replicas: isSteady ? statusReplicas : Math.ceil(total / targetMillis), current };
}

function millisOf(quantity: string): number {
  return quantityToMillis(parseQuantity(quantity));
}

function amount(millis: number): string {
  return formatQuantity({ nanos: BigInt(Math.trunc(millis)) * 1_000_000n, format: "DecimalSI" });
}
