import type { LabelSelector, MetricSpec } from "#api/schema/types";
import type { MetricFailure } from "#control-plane/controllers/horizontal-pod-autoscaler/metric";

const NO_CUSTOM_METRICS =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";

/** Nothing serves custom or external metrics: an autoscaler that asks for them is told so in Kubernetes' words. */
export function refusedMetric(metric: MetricSpec, namespace: string): MetricFailure {
  const { type, pods, object, external } = metric;
  if (pods) {
    const problem = `unable to get metric ${pods.metric.name}: ${NO_CUSTOM_METRICS}`;
    return failure("FailedGetPodsMetric", problem, "failed to get pods metric value: ");
  }
  if (object) {
    const { kind, name } = object.describedObject;
    const where = `${kind} on ${namespace} ${name}`;
    const unable = `unable to get metric ${object.metric.name}: ${where}/${NO_CUSTOM_METRICS}`;
    const isAverage = object.target.type === "AverageValue";
    const problem = isAverage
      ? `failed to get ${object.metric.name} object metric: ${unable}`
      : unable;
    return failure("FailedGetObjectMetric", problem, "failed to get object metric value: ");
  }
  if (external) {
    const { name, selector } = external.metric;
    const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
    const unable =
      `unable to get external metric ${namespace}/${name}/${selectorText(selector)}: ` +
      `unable to fetch metrics from external metrics API: ${missing}`;
    const what =
      external.target.averageValue === undefined
        ? `failed to get external metric ${name}: `
        : `failed to get ${name} external metric: `;
    const prefix = `failed to get ${name} external metric value: `;
    return failure("FailedGetExternalMetric", `${what}${unable}`, prefix);
  }
  return failure("InvalidMetricSourceType", `unknown metric source type "${type}"`, "");
}

function failure(reason: string, problem: string, prefix: string): MetricFailure {
  return { type: "failure", reason, problem, prefix };
}

/** As Go prints the structure, which is what users find when they search for the message. */
function selectorText(selector: LabelSelector | undefined): string {
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
