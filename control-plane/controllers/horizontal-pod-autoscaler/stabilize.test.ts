import { describe, expect, test } from "vitest";
import type { HorizontalPodAutoscalerBehavior } from "#api/schema/types";
import {
  type Bounds,
  limited,
  stabilized,
} from "#control-plane/controllers/horizontal-pod-autoscaler/stabilize";
import { autoscaler, T0 } from "#test/support/workloads";

type Past = readonly (readonly [ageSeconds: number, replicas: number])[];

function bounds(
  currentReplicas: number,
  more: {
    behavior?: HorizontalPodAutoscalerBehavior;
    recommendations?: Past;
    changes?: Past;
    minReplicas?: number;
    maxReplicas?: number;
  } = {},
): Bounds {
  const { behavior, minReplicas = 1, maxReplicas = 100 } = more;
  const spec = { minReplicas, maxReplicas, ...(behavior ? { behavior } : {}) };
  const ago = (seconds: number): number => T0 - seconds * 1000;
  return {
    autoscaler: autoscaler("web", spec),
    ...{ currentReplicas, minReplicas, nowMs: T0 },
    recommendations: (more.recommendations ?? []).map(([age, replicas]) => ({
      replicas,
      atMs: ago(age),
    })),
    changes: (more.changes ?? []).map(([age, change]) => ({ change, atMs: ago(age) })),
  };
}

const UP = "ScaleUpStabilized";
const DOWN = "ScaleDownStabilized";
const READY = "ReadyForNewScale";

describe("a recommendation", () => {
  test.each<[string, number, Bounds, number, string]>([
    ["counts at once when it is higher", 5, bounds(3), 5, READY],
    [
      "waits for the highest of five minutes",
      2,
      bounds(5, { recommendations: [[299, 4]] }),
      4,
      DOWN,
    ],
    ["forgets what is older", 2, bounds(5, { recommendations: [[300, 4]] }), 2, READY],
    [
      "waits for the lowest of its own window upwards",
      9,
      bounds(3, {
        behavior: { scaleUp: { stabilizationWindowSeconds: 60 } },
        recommendations: [
          [59, 5],
          [61, 3],
        ],
      }),
      5,
      UP,
    ],
    [
      "leaves the current number when the windows surround it",
      9,
      bounds(3, {
        behavior: { scaleUp: { stabilizationWindowSeconds: 60 } },
        recommendations: [[30, 1]],
      }),
      3,
      UP,
    ],
    [
      "goes down at once with a window of zero",
      1,
      bounds(3, {
        behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
        recommendations: [[0, 3]],
      }),
      1,
      READY,
    ],
  ])("%s", (_, desired, given, replicas, reason) => {
    expect(stabilized(desired, given)).toMatchObject({ replicas, reason });
  });
});

const WITHIN = "DesiredWithinRange";
const pods = (value: number, periodSeconds = 60) => ({ type: "Pods", value, periodSeconds });
const percent = (value: number, periodSeconds = 60) => ({ type: "Percent", value, periodSeconds });

describe("what is allowed", () => {
  test.each<[string, number, Bounds, number, string]>([
    ["is twice as many", 30, bounds(5), 10, "ScaleUpLimit"],
    ["is four at least", 30, bounds(1), 4, "ScaleUpLimit"],
    ["is no more than the most", 30, bounds(5, { maxReplicas: 7 }), 7, "TooManyReplicas"],
    ["is no less than the least", 1, bounds(5, { minReplicas: 2 }), 2, "TooFewReplicas"],
    ["is everything down to the least", 1, bounds(90), 1, WITHIN],
    [
      "is four more or twice as many with default policies",
      30,
      bounds(1, { behavior: {} }),
      5,
      "ScaleUpLimit",
    ],
    [
      "counts what was added in the period",
      30,
      bounds(8, {
        behavior: { scaleUp: { policies: [pods(5)] } },
        changes: [
          [59, 3],
          [61, 2],
        ],
      }),
      10,
      "ScaleUpLimit",
    ],
    [
      "is nothing when the period is used up",
      30,
      bounds(8, { behavior: { scaleUp: { policies: [pods(2)] } }, changes: [[10, 4]] }),
      8,
      "ScaleUpLimit",
    ],
    [
      "is the least of the policies on demand",
      30,
      bounds(10, {
        behavior: { scaleUp: { selectPolicy: "Min", policies: [pods(5), percent(25)] } },
      }),
      13,
      "ScaleUpLimit",
    ],
    [
      "is nothing where scaling is disabled",
      30,
      bounds(10, { behavior: { scaleUp: { selectPolicy: "Disabled" } } }),
      10,
      "ScaleUpLimit",
    ],
    [
      "is the greatest change downwards",
      1,
      bounds(10, { behavior: { scaleDown: { policies: [pods(3), percent(50)] } } }),
      5,
      "ScaleDownLimit",
    ],
    [
      "is the smallest change downwards on demand",
      1,
      bounds(10, {
        behavior: { scaleDown: { selectPolicy: "Min", policies: [pods(3), percent(50)] } },
      }),
      7,
      "ScaleDownLimit",
    ],
    [
      "counts what was taken away in the period",
      1,
      bounds(8, { behavior: { scaleDown: { policies: [pods(3)] } }, changes: [[30, -2]] }),
      7,
      "ScaleDownLimit",
    ],
    [
      "is nothing downwards where that is disabled",
      1,
      bounds(8, { behavior: { scaleDown: { selectPolicy: "Disabled" } } }),
      8,
      "ScaleDownLimit",
    ],
  ])("%s", (_, desired, given, replicas, reason) => {
    expect(limited(desired, given)).toMatchObject({ replicas, reason });
  });
});
