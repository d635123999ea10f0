import { describe, expect, test } from "vitest";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import type { HorizontalPodAutoscaler } from "#api/schema/types";

type Spec = Partial<HorizontalPodAutoscaler["spec"]>;

function autoscaler(spec: Spec = {}): HorizontalPodAutoscaler {
  const made: HorizontalPodAutoscaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 5, ...spec },
  };
  horizontalPodAutoscalerKind.setDefaults(made);
  return made;
}

const cpu = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

describe("an autoscaler", () => {
  test("that names no metric goes by 80 % of the cpu that pods request, from one pod on", () => {
    expect(autoscaler().spec).toMatchObject({ minReplicas: 1, metrics: [cpu(80)] });
  });

  test("fills in what its behaviour leaves out", () => {
    const { behavior } = autoscaler({ behavior: { scaleUp: { selectPolicy: "Min" } } }).spec;
    expect(behavior?.scaleUp).toMatchObject({ selectPolicy: "Min", stabilizationWindowSeconds: 0 });
    expect(behavior?.scaleUp?.policies).toHaveLength(2);
    expect(behavior?.scaleDown?.policies).toEqual([
      { type: "Percent", value: 100, periodSeconds: 15 },
    ]);
  });

  test("may go to zero where something can be measured without pods", () => {
    const queue = {
      metric: { name: "queue" },
      target: { type: "AverageValue", averageValue: "10" },
    };
    const made = autoscaler({ minReplicas: 0, metrics: [{ type: "External", external: queue }] });
    expect(horizontalPodAutoscalerKind.validate(made)).toEqual([]);
  });

  test.each<[Spec, string]>([
    [
      { minReplicas: 0 },
      "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
    ],
    [
      { minReplicas: -1 },
      "spec.minReplicas: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      { behavior: { scaleUp: { tolerance: "-0.1" } } },
      'spec.behavior.scaleUp.tolerance: Invalid value: "-0.1": must be greater than or equal to 0',
    ],
    [
      {
        metrics: [
          { type: "External", external: { metric: { name: "a" }, target: { type: "Value" } } },
        ],
      },
      "spec.metrics[0].external.target.averageValue: Required value: must set either a target value for metric or a per-pod target",
    ],
    [
      { metrics: [{ type: "Pods", pods: { metric: { name: "a" }, target: { type: "Value" } } }] },
      "spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue",
    ],
    [{ maxReplicas: 0 }, "spec.maxReplicas: Invalid value: 0: must be greater than 0"],
    [
      { minReplicas: 9 },
      "spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`",
    ],
    [
      { metrics: [{ type: "Pods" }] },
      "spec.metrics[0].pods: Required value: must populate information for the given metric source",
    ],
    [
      { metrics: [{ ...cpu(80), pods: { metric: { name: "a" }, target: { type: "Value" } } }] },
      "spec.metrics[0].pods: Forbidden: must populate the given metric source only",
    ],
    [
      { metrics: [cpu(0)] },
      "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
    ],
    [
      { behavior: { scaleDown: { stabilizationWindowSeconds: 3601 } } },
      "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
    ],
    [
      { behavior: { scaleUp: { policies: [] } } },
      "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
    ],
  ])("is refused with %j", (spec, problem) => {
    const found = horizontalPodAutoscalerKind
      .validate(autoscaler(spec))
      .map(({ field, message }) => `${field}: ${message}`);
    expect(found).toContain(problem);
  });

  test.each<[Spec, object[], string]>([
    [{}, [], "cpu: <unknown>/80%"],
    [
      {},
      [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 12 } } }],
      "cpu: 12%/80%",
    ],
    [{ metrics: [cpu(1), cpu(2), cpu(3)] }, [], "cpu: <unknown>/1%, cpu: <unknown>/2% + 1 more..."],
  ])("shows what it measures: %j %j", (spec, currentMetrics, text) => {
    const made = autoscaler(spec);
    made.status = { desiredReplicas: 1, currentMetrics } as HorizontalPodAutoscaler["status"];
    const column = horizontalPodAutoscalerKind.columns.find(({ name }) => name === "Targets");
    expect(column?.value(made, 0)).toBe(text);
  });
});
