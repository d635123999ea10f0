import { describe, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { applyPatch } from "#api/machinery/patch";
import type {
  Deployment,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
  Pod,
} from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { planAutoscaler } from "#control-plane/controllers/horizontal-pod-autoscaler/plan";
import {
  type AutoscalerInput,
  type AutoscalerMemory,
  dueInMs,
  type PodMetrics,
  SYNC_PERIOD_MS,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import type { Target } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import { parseLabelSelector } from "#api/machinery/labels";
import { toTime } from "#kit/clock";
import { ManualClock } from "#test/support/manual-clock";
import { autoscaler, deployment, pod } from "#test/support/workloads";

/** One autoscaler of a deployment whose pods are made at once, and are ready and measured for long. */
class Model {
  readonly clock = new ManualClock();
  autoscaler: HorizontalPodAutoscaler;
  deployment: Deployment;
  memory: AutoscalerMemory | undefined;
  /** Thousandths of a core that each pod uses; of its 1000. undefined: no figures. */
  usedMillis: number | undefined = 500;
  target: Target | undefined;
  contenders: readonly string[] = [];
  readonly events: string[] = [];

  constructor(replicas: number, spec: Partial<HorizontalPodAutoscalerSpec> = {}) {
    this.deployment = deployment("web", { replicas });
    this.autoscaler = autoscaler("web", { metrics: [cpuAt(50)], ...spec });
  }

  get replicas(): number {
    return this.deployment.spec.replicas ?? 0;
  }

  get pods(): Pod[] {
    const requests = { cpu: "1" };
    const spec = { containers: [{ name: "main", image: "v1", resources: { requests } }] };
    const startTime = toTime(this.clock.now() - 3_600_000);
    return Array.from({ length: this.replicas }, (_, index) => {
      const one = pod(`web-${index}`, { isReady: true, spec });
      return { ...one, status: { ...one.status, startTime } };
    });
  }

  get metrics(): PodMetrics {
    if (this.usedMillis === undefined) return { type: "read", pods: [] };
    const containers = [{ name: "main", usage: { cpu: `${this.usedMillis}m` } }];
    const figures = { timestampMs: this.clock.now(), windowMs: 10_000, containers };
    return {
      type: "read",
      pods: this.pods.map((one) => ({ name: one.metadata.name, ...figures })),
    };
  }

  private get input(): AutoscalerInput {
    const { deployment: object, replicas, contenders, pods, metrics } = this;
    const selectorText = "app=web";
    const selector = parseLabelSelector(selectorText);
    const kind = deploymentKind as never;
    const found: Target = { type: "found", kind, object, replicas, selectorText, selector };
    const isDue = dueInMs(this.autoscaler, this.memory, this.clock.now()) <= 0;
    const target = this.target ?? found;
    const observed = { autoscaler: this.autoscaler, target };
    return { ...observed, ...(isDue ? { look: { pods, contenders, metrics } } : {}) };
  }

  /** Looks once, and does what is planned; gives what was done. */
  look(): Action[] {
    const plan = planAutoscaler(this.input, this.clock.now(), this.memory);
    for (const action of plan) this.apply(action);
    return plan.filter(({ type }) => type !== "requeue" && type !== "remember");
  }

  /** Looks every 15 seconds for so long. */
  run(durationMs: number): void {
    for (let passed = 0; passed < durationMs; passed += SYNC_PERIOD_MS) {
      this.look();
      this.clock.advance(SYNC_PERIOD_MS);
    }
  }

  condition(type: string): string {
    const found = this.autoscaler.status?.conditions?.find((one) => one.type === type);
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  }

  private apply(action: Action): void {
    if (action.type === "remember") this.memory = action.memory as AutoscalerMemory;
    if (action.type === "event")
      this.events.push(`${action.event.reason}: ${action.event.message}`);
    if (action.type !== "patch") return;
    if (action.event) this.events.push(`${action.event.reason}: ${action.event.message}`);
    if (action.subresource === "scale") {
      const { spec } = action.body as { spec: { replicas: number } };
      this.deployment = { ...this.deployment, spec: { ...this.deployment.spec, ...spec } };
      return;
    }
    const { schema } = horizontalPodAutoscalerKind;
    const next = applyPatch("merge", schema, this.autoscaler, action.body);
    this.autoscaler = next as HorizontalPodAutoscaler;
  }
}

function cpuAt(averageUtilization: number): MetricSpec {
  const target = { type: "Utilization", averageUtilization };
  return { type: "Resource", resource: { name: "cpu", target } };
}

const RATIO = "cpu resource utilization (percentage of request)";

describe("an autoscaler", () => {
  test("adds pods at once when they use too much, and says so", () => {
    const model = new Model(2);
    model.usedMillis = 750;
    model.look();
    expect(model.replicas).toBe(3);
    expect(model.events).toEqual([`SuccessfulRescale: New size: 3; reason: ${RATIO} above target`]);
    expect(model.autoscaler.status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 3,
      lastScaleTime: toTime(model.clock.now()),
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 75, averageValue: "750m" } },
        },
      ],
    });
    expect(model.condition("AbleToScale")).toBe(
      "True SucceededRescale: the HPA controller was able to update the target scale to 3",
    );
    expect(model.condition("ScalingActive")).toBe(
      `True ValidMetricFound: the HPA was able to successfully calculate a replica count from ${RATIO}`,
    );
    expect(model.condition("ScalingLimited")).toBe(
      "False DesiredWithinRange: the desired count is within the acceptable range",
    );
  });

  test("takes pods away when the load has been low for five minutes", () => {
    const model = new Model(4);
    model.run(60_000);
    model.usedMillis = 100;
    model.run(285_000);
    expect(model.replicas).toBe(4);
    expect(model.condition("AbleToScale")).toBe(
      "True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation",
    );
    model.run(15_000);
    expect(model.replicas).toBe(1);
    expect(model.events).toEqual([
      "SuccessfulRescale: New size: 1; reason: All metrics below target",
    ]);
  });

  test("takes none away right after a restart", () => {
    const model = new Model(4);
    model.usedMillis = 100;
    model.run(285_000);
    model.memory = undefined;
    model.run(300_000);
    expect(model.replicas).toBe(4);
    model.look();
    expect(model.replicas).toBe(1);
  });

  test("adds no faster than its policies allow", () => {
    const policies = [{ type: "Pods", value: 1, periodSeconds: 60 }];
    const model = new Model(1, { behavior: { scaleUp: { policies } } });
    model.usedMillis = 1000;
    const seen: number[] = [];
    for (let minute = 0; minute < 3; minute++) {
      model.run(60_000);
      seen.push(model.replicas);
    }
    expect(seen).toEqual([2, 3, 4]);
    expect(model.condition("ScalingLimited")).toBe(
      "True ScaleUpLimit: the desired replica count is increasing faster than the maximum scale rate",
    );
  });

  test("keeps within the least and the most at once, whatever is measured", () => {
    const model = new Model(9, { maxReplicas: 5 });
    model.look();
    expect(model.replicas).toBe(5);
    const small = new Model(1, { minReplicas: 2 });
    small.look();
    expect(small.replicas).toBe(2);
    expect([...model.events, ...small.events]).toEqual([
      "SuccessfulRescale: New size: 5; reason: Current number of replicas above Spec.MaxReplicas",
      "SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas",
    ]);
  });

  test("leaves a workload alone that was scaled to zero", () => {
    const model = new Model(0);
    model.look();
    expect(model.replicas).toBe(0);
    expect(model.condition("ScalingActive")).toBe(
      "False ScalingDisabled: scaling is disabled since the replica count of the target is zero",
    );
  });

  test("says what it lacks once, and scales by what it has as soon as it has it", () => {
    const model = new Model(2);
    model.usedMillis = undefined;
    model.run(60_000);
    const problem =
      "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
    expect(model.events).toEqual([
      `FailedGetResourceMetric: ${problem}`,
      `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${problem}`,
    ]);
    expect(model.condition("ScalingActive")).toBe(
      `False FailedGetResourceMetric: the HPA was unable to compute the replica count: ${problem}`,
    );
    model.usedMillis = 1000;
    model.look();
    expect(model.replicas).toBe(4);
  });

  test("adds pods by one metric while another fails, and takes none away", () => {
    const pods = {
      metric: { name: "requests" },
      target: { type: "AverageValue", averageValue: "1" },
    };
    const model = new Model(2, { metrics: [{ type: "Pods", pods }, cpuAt(50)] });
    model.usedMillis = 750;
    model.run(15_000);
    expect(model.replicas).toBe(3);
    expect(model.autoscaler.status?.currentMetrics?.map(({ type }) => type)).toEqual([
      "",
      "Resource",
    ]);
    model.usedMillis = 100;
    model.run(900_000);
    expect(model.replicas).toBe(3);
    expect(model.condition("ScalingActive")).toBe(
      "False FailedGetPodsMetric: the HPA was unable to compute the replica count: unable to get metric requests: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered",
    );
  });

  test("says which target it does not find", () => {
    const model = new Model(2);
    model.target = { type: "missing", problem: 'deployments.apps "web" not found' };
    model.run(30_000);
    expect(model.events).toEqual(['FailedGetScale: deployments.apps "web" not found']);
    expect(model.condition("AbleToScale")).toBe(
      'False FailedGetScale: the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
    );
  });

  test("does nothing for pods that another autoscaler counts too", () => {
    const model = new Model(2);
    model.usedMillis = 1000;
    model.contenders = ["api"];
    model.look();
    expect(model.replicas).toBe(2);
    expect(model.condition("ScalingActive")).toBe(
      "False AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [{api default} {web default}]",
    );
  });

  test("looks again when its spec changes, and not because it wrote its status", () => {
    const model = new Model(2);
    model.usedMillis = 450;
    model.look();
    expect(model.look()).toEqual([]);
    const { spec } = model.autoscaler;
    model.autoscaler = { ...model.autoscaler, spec: { ...spec, minReplicas: 3 } };
    model.look();
    expect(model.replicas).toBe(3);
  });

  test("writes nothing while nothing changes", () => {
    const model = new Model(2);
    model.run(30_000);
    expect(model.look()).toEqual([]);
    model.clock.advance(SYNC_PERIOD_MS);
    model.memory = undefined;
    expect(model.look()).toEqual([]);
  });
});
