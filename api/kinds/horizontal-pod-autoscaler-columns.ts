import type { TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "#api/schema/types";

export const autoscalerColumns: readonly TableColumn<HorizontalPodAutoscaler>[] = [
  {
    name: "Reference",
    type: "string",
    priority: 0,
    description: "What it scales.",
    value: ({ spec: { scaleTargetRef } }) => `${scaleTargetRef?.kind}/${scaleTargetRef?.name}`,
  },
  {
    name: "Targets",
    type: "string",
    priority: 0,
    description: "What is measured now, of what it is to be.",
    value: formatTargets,
  },
  {
    name: "MinPods",
    type: "string",
    priority: 0,
    description: "The fewest pods that it leaves.",
    value: ({ spec }) => (spec.minReplicas === undefined ? "<unset>" : String(spec.minReplicas)),
  },
  {
    name: "MaxPods",
    type: "integer",
    priority: 0,
    description: "The most pods that it asks for.",
    value: ({ spec }) => spec.maxReplicas ?? 0,
  },
  {
    name: "Replicas",
    type: "integer",
    priority: 0,
    description: "How many pods there are.",
    value: ({ status }) => status?.currentReplicas ?? 0,
  },
  ageColumn,
];

/** As many metrics as `kubectl get` shows before it says how many more there are. */
const MAX_SHOWN = 2;

function formatTargets({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? [];
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, at) => formatMetric(metric, status?.currentMetrics?.[at]));
  const shown = texts.slice(0, MAX_SHOWN).join(", ");
  const more = texts.length - MAX_SHOWN;
  return more > 0 ? `${shown} + ${more} more...` : shown;
}

function formatMetric(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case "Resource":
      return named(metric.resource?.name, metric.resource?.target, status?.resource?.current);
    case "ContainerResource": {
      const { containerResource } = metric;
      const current = status?.containerResource?.current;
      return named(containerResource?.name, containerResource?.target, current);
    }
    case "Pods":
      return compared(metric.pods?.target, status?.pods?.current);
    case "Object":
      return shared(metric.object?.target, status?.object?.current);
    case "External":
      return shared(metric.external?.target, status?.external?.current);
    default:
      return "<unknown type>";
  }
}

/** Of what all pods have in common, the part of each is told as such. */
function shared(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  const text = compared(target, current);
  return target?.averageValue === undefined ? text : `${text} (avg)`;
}

function named(
  name: string | undefined,
  target: MetricTarget | undefined,
  current: MetricValueStatus | undefined,
): string {
  return `${name}: ${compared(target, current)}`;
}

function compared(
  target: MetricTarget | undefined,
  current: MetricValueStatus | undefined,
): string {
  if (target?.averageValue !== undefined) {
    return `${current?.averageValue ?? "<unknown>"}/${target.averageValue}`;
  }
  if (target?.averageUtilization !== undefined) {
    const used = current?.averageUtilization;
    return `${used === undefined ? "<unknown>" : `${used}%`}/${target.averageUtilization}%`;
  }
  return `${current?.value ?? "<unknown>"}/${target?.value ?? "<auto>"}`;
}
