import type { LabelSelector, MetricSpec } from "#api/schema/types";
import type { MetricFailure } from "#control-plane/controllers/horizontal-pod-autoscaler/metric";

/** Where no API serves the metric, in Kubernetes' words. */
export function unservedProblem({ external }: MetricSpec): string {
  if (!external) {
    return "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  }
  const missing = `(get ${external.metric.name}.external.metrics.k8s.io)`;
  return `unable to fetch metrics from external metrics API: the server could not find the requested resource ${missing}`;
}

/** A custom or external metric that could not be read, told as Kubernetes tells it. */
export function refusedMetric(
  metric: MetricSpec,
  namespace: string,
  why: string = unservedProblem(metric),
): MetricFailure {
  const { type, pods, object, external } = metric;
  if (pods) {
    const problem = `unable to get metric ${pods.metric.name}: ${why}`;
    return failure("FailedGetPodsMetric", problem, "failed to get pods metric value: ");
  }
  if (object) {
    const { kind, name } = object.describedObject;
    const where = `${kind} on ${namespace} ${name}`;
    const unable = `unable to get metric ${object.metric.name}: ${where}/${why}`;
    const isAverage = object.target.type === "AverageValue";
    const problem = isAverage
      ? `failed to get ${object.metric.name} object metric: ${unable}`
      : unable;
    return failure("FailedGetObjectMetric", problem, "failed to get object metric value: ");
  }
  if (external) {
    const { name, selector } = external.metric;
    const unable = `unable to get external metric ${namespace}/${name}/${selectorText(selector)}: ${why}`;
    const what =
      external.target.averageValue === undefined
        ? `failed to get external metric ${name}: `
        : `failed to get ${name} external metric: `;
    const prefix = `failed to get ${name} external metric value: `;
    return failure("FailedGetExternalMetric", `${what}${unable}`, prefix);
  }
  return failure("InvalidMetricSourceType", `unknown metric source type "${type}"`, "");
}

export function failure(reason: string, problem: string, prefix: string): MetricFailure {
  return { type: "failure", reason, problem, prefix };
}

/** As Go prints the structure, which is what users find when they search for the message. */
export function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
