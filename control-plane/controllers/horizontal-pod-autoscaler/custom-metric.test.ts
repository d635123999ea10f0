import { describe, expect, test } from "vitest";
import type { HorizontalPodAutoscalerBehavior, MetricSpec } from "#api/schema/types";
import { evaluateAnswer } from "#control-plane/controllers/horizontal-pod-autoscaler/custom-metric";
import type { MetricAnswer } from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import { autoscaler, pod, T0 } from "#test/support/workloads";

const NAMES = ["web-0", "web-1", "web-2"];

function running(name: string, isReady = true) {
  const made = pod(name, { isReady, ageMs: 3_600_000 });
  return { ...made, status: { ...made.status, phase: "Running" } };
}

/** Thousandths by the name of a pod, or one figure that is about none. */
function answered(figures: Readonly<Record<string, number>>): MetricAnswer {
  const values = Object.entries(figures).map(([name, millis]) => {
    return { name, millis, timestampMs: T0, windowMs: 60_000 };
  });
  return { type: "read", values };
}

interface Given {
  readonly current?: number;
  readonly ready?: number;
  readonly behavior?: HorizontalPodAutoscalerBehavior;
}

function evaluated(metric: MetricSpec, answer: MetricAnswer, given: Given = {}) {
  const { current = 3, ready = 3, behavior } = given;
  return evaluateAnswer(metric, {
    answer,
    autoscaler: autoscaler("web", behavior ? { behavior } : {}),
    pods: NAMES.slice(0, current).map((name, at) => running(name, at < ready)),
    metrics: { type: "read", pods: [] },
    ...{ currentReplicas: current, statusReplicas: current, nowMs: T0 },
  });
}

const hits = { name: "hits" };
const ofPods = (averageValue: string): MetricSpec => ({
  type: "Pods",
  pods: { metric: hits, target: { type: "AverageValue", averageValue } },
});
const describedObject = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "main" };
const value = (amount: string) => ({ type: "Value", value: amount });
const average = (amount: string) => ({ type: "AverageValue", averageValue: amount });
const ofObject = (target: { type: string }): MetricSpec => ({
  type: "Object",
  object: { describedObject, metric: hits, target },
});
const external = (target: { type: string }, matchLabels?: Record<string, string>): MetricSpec => {
  const metric = { name: "queue", ...(matchLabels ? { selector: { matchLabels } } : {}) };
  return { type: "External", external: { metric, target } };
};

describe("a metric from a Prometheus", () => {
  const each = (millis: number) =>
    answered(Object.fromEntries(NAMES.map((name) => [name, millis])));
  test.each<[string, MetricSpec, MetricAnswer, Given, number, string, object]>([
    [
      "of pods",
      ofPods("2"),
      each(4000),
      {},
      6,
      "pods metric hits",
      { pods: { metric: hits, current: { averageValue: "4" } } },
    ],
    ["of pods, within the tolerance", ofPods("2"), each(2100), {}, 3, "pods metric hits", {}],
    [
      "of pods of which one has no figure, which counts as none upwards",
      ofPods("2"),
      answered({ "web-0": 9000, "web-1": 9000 }),
      {},
      9,
      "pods metric hits",
      {},
    ],
    [
      "of an object",
      ofObject(value("10")),
      answered({ main: 20_000 }),
      {},
      6,
      "Ingress metric hits",
      { object: { describedObject, metric: hits, current: { value: "20" } } },
    ],
    [
      "of an object counts ready pods",
      ofObject(value("10")),
      answered({ main: 20_000 }),
      { ready: 2 },
      4,
      "Ingress metric hits",
      {},
    ],
    [
      "of an object, for each pod",
      ofObject(average("10")),
      answered({ main: 55_000 }),
      {},
      6,
      "external metric hits(nil)",
      { object: { current: { averageValue: "18334m" } } },
    ],
    [
      "from outside, all its series together",
      external(value("10")),
      answered({ a: 5_000, b: 15_000 }),
      {},
      6,
      "external metric queue(nil)",
      { external: { metric: { name: "queue" }, current: { value: "20" } } },
    ],
    [
      "from outside, for each pod",
      external(average("5"), { of: "jobs" }),
      answered({ "": 50_000 }),
      {},
      10,
      "external metric queue(&LabelSelector{MatchLabels:map[string]string{of: jobs,},MatchExpressions:[]LabelSelectorRequirement{},})",
      { external: { current: { averageValue: "16667m" } } },
    ],
    [
      "wakes from zero",
      external(value("10")),
      answered({ "": 11_000 }),
      { current: 0 },
      2,
      "external metric queue(nil)",
      {},
    ],
    [
      "wakes from zero by what each pod may have",
      external(average("10")),
      answered({ "": 1 }),
      { current: 0 },
      1,
      "external metric queue(nil)",
      {},
    ],
    [
      "goes to zero",
      external(average("10")),
      answered({ "": 0 }),
      {},
      0,
      "external metric queue(nil)",
      {},
    ],
    [
      "has a tolerance of its own upwards",
      external(value("10")),
      answered({ "": 12_000 }),
      { behavior: { scaleUp: { tolerance: "300m" } } },
      3,
      "external metric queue(nil)",
      {},
    ],
    [
      "has a tolerance of its own downwards",
      external(value("10")),
      answered({ "": 9_500 }),
      { current: 2, behavior: { scaleDown: { tolerance: "0" } } },
      2,
      "external metric queue(nil)",
      {},
    ],
  ])("%s", (_, metric, answer, given, replicas, name, status) => {
    expect(evaluated(metric, answer, given)).toMatchObject({
      ...{ type: "proposal", replicas, name },
      status: { type: metric.type, ...status },
    });
  });

  const why =
    "unable to fetch metrics from custom metrics API: the configured Prometheus cannot be reached";
  const failed: MetricAnswer = { type: "failed", problem: why };
  test.each<[MetricSpec, MetricAnswer, Given, string, string]>([
    [ofPods("1"), failed, {}, "FailedGetPodsMetric", `unable to get metric hits: ${why}`],
    [
      ofObject(value("1")),
      failed,
      {},
      "FailedGetObjectMetric",
      `unable to get metric hits: Ingress on default main/${why}`,
    ],
    [
      external(value("1")),
      failed,
      {},
      "FailedGetExternalMetric",
      `failed to get external metric queue: unable to get external metric default/queue/nil: ${why}`,
    ],
    [
      ofPods("1"),
      answered({ a: 1 }),
      { current: 0 },
      "FailedGetPodsMetric",
      "no pods returned by selector while calculating replica count",
    ],
    [
      ofPods("1"),
      answered({ other: 1 }),
      {},
      "FailedGetPodsMetric",
      "did not receive metrics for targeted pods (pods might be unready)",
    ],
    [
      ofObject({ type: "Value" }),
      answered({ a: 1 }),
      {},
      "FailedGetObjectMetric",
      "invalid object metric source: neither a value target nor an average value target was set",
    ],
  ])("says why it fails: %j", (metric, answer, given, reason, problem) => {
    expect(evaluated(metric, answer, given)).toMatchObject({ type: "failure", reason, problem });
  });
});
