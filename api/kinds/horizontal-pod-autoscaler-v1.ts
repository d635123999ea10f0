import type { KubeObject } from "#api/machinery/meta";
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  MetricSpec,
} from "#api/schema/types";

/**
 * autoscaling/v1: the older form of an autoscaler, which knows of cpu alone. What it does not know stays as it is in
 * the stored object when it is written in this form.
 */
export interface AutoscalerV1 extends KubeObject {
  spec: {
    scaleTargetRef: CrossVersionObjectReference;
    minReplicas?: number | undefined;
    maxReplicas: number;
    targetCPUUtilizationPercentage?: number | undefined;
  };
  status?: {
    currentReplicas: number;
    desiredReplicas: number;
    currentCPUUtilizationPercentage?: number | undefined;
    lastScaleTime?: string | undefined;
    observedGeneration?: number | undefined;
  };
}

export const AUTOSCALING_V1 = "autoscaling/v1";

export function toV1(autoscaler: HorizontalPodAutoscaler): AutoscalerV1 {
  const { metadata, spec, status } = autoscaler;
  const cpu = (spec.metrics ?? []).find(isCpu)?.resource?.target.averageUtilization;
  const current = status?.currentMetrics?.find(
    ({ resource, type }) => type === "Resource" && resource?.name === "cpu",
  )?.resource?.current.averageUtilization;
  const {
    currentReplicas = 0,
    desiredReplicas = 0,
    lastScaleTime,
    observedGeneration,
  } = status ?? {};
  return {
    apiVersion: AUTOSCALING_V1,
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: withoutAbsent({
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      targetCPUUtilizationPercentage: cpu,
    }),
    status: withoutAbsent({
      observedGeneration,
      lastScaleTime,
      currentReplicas,
      desiredReplicas,
      currentCPUUtilizationPercentage: current,
    }),
  };
}

/** What the older form says, over what is stored. */
export function fromV1(
  given: AutoscalerV1,
  stored: HorizontalPodAutoscaler | undefined,
): HorizontalPodAutoscaler {
  const { metadata, spec } = given;
  const { minReplicas, maxReplicas, scaleTargetRef, targetCPUUtilizationPercentage } = spec;
  const others = (stored?.spec.metrics ?? []).filter((metric) => !isCpu(metric));
  const target = { type: "Utilization", averageUtilization: targetCPUUtilizationPercentage };
  const cpu: MetricSpec[] =
    targetCPUUtilizationPercentage === undefined
      ? []
      : [{ type: "Resource", resource: { name: "cpu", target } }];
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: withoutAbsent({
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      metrics: [...cpu, ...others],
      behavior: stored?.spec.behavior,
    }),
    ...(stored?.status ? { status: stored.status } : {}),
  };
}

function isCpu({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.target?.type === "Utilization";
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined),
  ) as unknown as T;
}
