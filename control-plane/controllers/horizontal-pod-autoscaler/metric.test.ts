import { describe, expect, test } from "vitest";
import type { Container, MetricSpec, Pod, PodSpec, PodStatus } from "#api/schema/types";
import { decodePodMetrics } from "#control-plane/controllers/horizontal-pod-autoscaler/pod-metrics";
import {
  evaluateMetric,
  type MetricResult,
} from "#control-plane/controllers/horizontal-pod-autoscaler/metric";
import { groupPods } from "#control-plane/controllers/horizontal-pod-autoscaler/readiness";
import { toTime } from "#kit/clock";
import { autoscaler, pod, T0 } from "#test/support/workloads";

function container(name: string, requests?: Record<string, string>): Container {
  return { name, image: "v1", ...(requests ? { resources: { requests } } : {}) };
}

function running(name: string, spec: Partial<PodSpec>): Pod {
  const one = pod(name, { isReady: true, ageMs: 3_600_000, spec });
  return { ...one, status: { ...one.status, startTime: toTime(T0 - 3_600_000) } };
}

const main = container("main", { cpu: "500m", memory: "100Mi" });
const proxy = container("proxy", { cpu: "100m", memory: "20Mi" });
const figures = {
  timestamp: toTime(T0),
  window: "10.012s",
  containers: [
    { name: "main", usage: { cpu: "450000001n", memory: "150Mi" } },
    { name: "proxy", usage: { cpu: "30m", memory: "10Mi" } },
  ],
};

function evaluated(metric: MetricSpec, spec: Partial<PodSpec> = {}): MetricResult {
  const pods = [running("web-0", { containers: [main, proxy], ...spec })];
  const items = [{ metadata: { name: "web-0" }, ...figures }];
  const metrics = decodePodMetrics({ items }, new Set(["web-0"]));
  const context = { autoscaler: autoscaler("web"), pods, metrics, currentReplicas: 1, nowMs: T0 };
  return evaluateMetric(metric, context);
}

function resource(name: string, target: object): MetricSpec {
  return { type: "Resource", resource: { name, target: { type: "", ...target } } };
}

function ofContainer(containerName: string, name: string, target: object): MetricSpec {
  const containerResource = { name, container: containerName, target: { type: "", ...target } };
  return { type: "ContainerResource", containerResource };
}

describe("a metric of a resource", () => {
  test.each<[string, MetricSpec, number, string, object]>([
    [
      "counts all containers",
      resource("cpu", { averageUtilization: 40 }),
      2,
      "cpu resource utilization (percentage of request)",
      { averageUtilization: 80, averageValue: "481m" },
    ],
    [
      "counts one container on demand",
      ofContainer("proxy", "cpu", { averageUtilization: 10 }),
      3,
      "cpu container resource utilization (percentage of request)",
      { averageUtilization: 30, averageValue: "30m" },
    ],
    [
      "may be an amount",
      resource("memory", { averageValue: "40Mi" }),
      4,
      "memory resource",
      { averageValue: "167772160" },
    ],
    [
      "may be an amount for one container",
      ofContainer("main", "memory", { averageValue: "75Mi" }),
      2,
      "memory container resource",
      { averageValue: "157286400" },
    ],
  ])("%s", (_, metric, replicas, name, current) => {
    const found = evaluated(metric);
    expect(found).toMatchObject({ type: "proposal", replicas, name });
    const field = metric.type === "Resource" ? "resource" : "containerResource";
    expect(found).toMatchObject({ status: { type: metric.type, [field]: { current } } });
  });

  test("goes by what the pod requests as a whole, where it does", () => {
    const spec = { resources: { requests: { cpu: "1" } }, containers: [container("main"), proxy] };
    const found = evaluated(resource("cpu", { averageUtilization: 48 }), spec);
    expect(found).toMatchObject({ status: { resource: { current: { averageUtilization: 48 } } } });
  });

  test("counts containers that run beside the others, and not those that run before", () => {
    const beside = { ...container("beside", { cpu: "600m" }), restartPolicy: "Always" };
    const spec = { initContainers: [container("before"), beside] };
    const found = evaluated(resource("cpu", { averageUtilization: 40 }), spec);
    expect(found).toMatchObject({ status: { resource: { current: { averageUtilization: 40 } } } });
  });

  test.each<[MetricSpec, Partial<PodSpec>, string, string]>([
    [
      resource("cpu", { averageUtilization: 50 }),
      { containers: [main, container("bare")] },
      "FailedGetResourceMetric",
      "failed to get cpu utilization: missing request for cpu in container bare of Pod web-0",
    ],
    [
      ofContainer("absent", "cpu", { averageUtilization: 50 }),
      {},
      "FailedGetContainerResourceMetric",
      "failed to get cpu utilization: unable to get metrics for resource cpu: failed to get container metrics: container absent not present in metrics for pod default/web-0",
    ],
    [
      resource("nvidia.com/gpu", { averageValue: "1" }),
      {},
      "FailedGetResourceMetric",
      "failed to get nvidia.com/gpu usage: did not receive metrics for targeted pods (pods might be unready)",
    ],
    [
      resource("cpu", {}),
      {},
      "FailedGetResourceMetric",
      "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set",
    ],
  ])("says why it fails: %j %j", (metric, spec, reason, problem) => {
    expect(evaluated(metric, spec)).toMatchObject({ type: "failure", reason, problem });
  });
});

const CUSTOM =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
const EXTERNAL =
  "unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)";

describe("a metric that nothing serves", () => {
  const target = { type: "Value", value: "1" };
  const describedObject = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "main" };
  test.each<[MetricSpec, string, string]>([
    [
      { type: "Object", object: { describedObject, metric: { name: "hits" }, target } },
      "FailedGetObjectMetric",
      `unable to get metric hits: Ingress on default main/${CUSTOM}`,
    ],
    [
      { type: "External", external: { metric: { name: "queue" }, target } },
      "FailedGetExternalMetric",
      `failed to get external metric queue: unable to get external metric default/queue/nil: ${EXTERNAL}`,
    ],
    [
      {
        type: "External",
        external: {
          metric: { name: "queue", selector: { matchLabels: { of: "jobs" } } },
          target: { type: "AverageValue", averageValue: "1" },
        },
      },
      "FailedGetExternalMetric",
      `failed to get queue external metric: unable to get external metric default/queue/&LabelSelector{MatchLabels:map[string]string{of: jobs,},MatchExpressions:[]LabelSelectorRequirement{},}: ${EXTERNAL}`,
    ],
  ])("is refused in Kubernetes' words: %j", (metric, reason, problem) => {
    expect(evaluated(metric)).toMatchObject({ type: "failure", reason, problem });
  });
});

describe("figures", () => {
  /** Of a pod started and turned (not) ready so many seconds ago, measured over the last ten. */
  const groupOf = (startedAgo: number, changedAgo: number, more: object = {}, name = "cpu") => {
    const {
      isReady = true,
      phase = "Running",
      isDeleted = false,
    } = more as {
      isReady?: boolean;
      phase?: string;
      isDeleted?: boolean;
    };
    const ago = (seconds: number): string => toTime(T0 - seconds * 1000);
    const status: PodStatus = {
      phase,
      startTime: ago(startedAgo),
      conditions: [
        { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: ago(changedAgo) },
      ],
    };
    const sample = { millis: 1, timestampMs: T0, windowMs: 10_000 };
    const one = { ...pod("web", { isDeleted }), status };
    const groups = groupPods([one], new Map([["web", sample]]), name, T0);
    return groups.counted.size > 0 ? "counted" : groups.unready.length > 0 ? "unready" : "ignored";
  };

  test.each<[string, string, string]>([
    ["of a pod that is ready for long", groupOf(3600, 3000), "counted"],
    ["of a young pod that was ready all the while", groupOf(60, 10), "counted"],
    ["of a young pod that was not ready for all of it", groupOf(60, 9), "unready"],
    ["of a young pod that is not ready", groupOf(60, 60, { isReady: false }), "unready"],
    ["of an old pod that never was ready", groupOf(900, 880, { isReady: false }), "unready"],
    ["of an old pod that was ready once", groupOf(900, 60, { isReady: false }), "counted"],
    ["of memory, whatever the readiness", groupOf(5, 5, { isReady: false }, "memory"), "counted"],
    ["of a pod that does not run yet", groupOf(5, 5, { phase: "Pending" }), "unready"],
    ["of a pod that failed", groupOf(900, 60, { phase: "Failed" }), "ignored"],
    ["of a pod that is being deleted", groupOf(900, 800, { isDeleted: true }), "ignored"],
  ])("%s", (_, group, expected) => {
    expect(group).toBe(expected);
  });

  test("that are not well formed, or of other pods, are left out", () => {
    const usage = { cpu: "much" };
    const items = [
      { metadata: { name: "a" }, ...figures },
      { metadata: { name: "b" }, ...figures, containers: [{ name: "main", usage }] },
      { metadata: { name: "c" }, ...figures, timestamp: "yesterday" },
      { metadata: { name: "other" }, ...figures },
      {},
    ];
    const decoded = decodePodMetrics({ items }, new Set(["a", "b", "c"]));
    expect(decoded).toMatchObject({ pods: [{ name: "a", windowMs: 10_012 }] });
    expect(decodePodMetrics({}, new Set(["a"]))).toEqual({ type: "read", pods: [] });
  });
});
