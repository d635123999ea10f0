import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  byAverage,
  byUtilization,
  propose,
} from "#control-plane/controllers/horizontal-pod-autoscaler/proposal";

interface Case {
  /** Of each pod that counts, in thousandths of a core; each requests 1000. */
  readonly used: readonly number[];
  readonly missing?: number;
  readonly unready?: number;
  readonly target: number;
  readonly current?: number;
  readonly tolerances?: { readonly up: number; readonly down: number };
}

function proposedFor({ used, missing = 0, unready = 0, target, ...more }: Case) {
  const names = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const groups = {
    counted: new Map(used.map((millis, index) => [`counted-${index}`, millis])),
    missing: names("missing", missing),
    unready: names("unready", unready),
  };
  const all = [...groups.counted.keys(), ...groups.missing, ...groups.unready];
  const requests = new Map(all.map((name) => [name, 1000]));
  return propose({
    groups,
    currentReplicas: more.current ?? all.length,
    tolerances: more.tolerances ?? { up: 0.1, down: 0.1 },
    ...byUtilization({ value: requests }, target),
  });
}

describe("the number of replicas for a utilization", () => {
  test.each<[string, Case, number]>([
    ["grows with the load", { used: [300, 500, 700], target: 30 }, 5],
    ["shrinks with the load", { used: [100, 300, 500, 250, 250], target: 50 }, 3],
    ["stays within the tolerance above", { used: [1010, 1030, 1020], target: 100 }, 3],
    ["stays within the tolerance below", { used: [920, 900, 910], target: 100 }, 3],
    ["stays at exactly the tolerance", { used: [1100, 1100], target: 100 }, 2],
    ["grows beyond it", { used: [1110, 1110], target: 100 }, 3],
    [
      "goes by a tolerance of its own for growing",
      { used: [1200, 1200], target: 100, tolerances: { up: 0.2, down: 0.1 } },
      2,
    ],
    [
      "goes by a tolerance of its own for shrinking",
      { used: [950, 950, 950, 950], target: 100, tolerances: { up: 0.1, down: 0 } },
      4,
    ],
    ["counts whole percents", { used: [100, 0, 0], target: 33, current: 3 }, 1],
    ["takes pods that are not ready for idle", { used: [500, 700], unready: 1, target: 30 }, 4],
    [
      "does not grow when the pods that are not ready may be enough",
      { used: [400, 500, 700], unready: 3, target: 30 },
      6,
    ],
    [
      "ignores pods that are not ready before it shrinks",
      { used: [100], unready: 2, target: 50 },
      1,
    ],
    [
      "takes missing pods for idle before it grows",
      { used: [500, 700], missing: 2, target: 50 },
      4,
    ],
    [
      "takes missing pods for busy before it shrinks",
      { used: [100, 100], missing: 1, target: 50 },
      3,
    ],
    ["shrinks in spite of one", { used: [100, 100, 100, 100, 100], missing: 1, target: 50 }, 3],
    [
      "takes missing pods for as busy as a target over 100",
      { used: [500, 500], missing: 2, target: 200 },
      3,
    ],
    [
      "never grows from figures that say less",
      { used: [500], missing: 9, target: 70, current: 2 },
      2,
    ],
  ])("%s", (_, given, replicas) => {
    expect(proposedFor(given)).toMatchObject({ value: { replicas } });
  });

  test("is not known without figures", () => {
    const problem = "did not receive metrics for targeted pods (pods might be unready)";
    expect(proposedFor({ used: [], unready: 2, target: 50 })).toEqual({ problem });
  });

  test("never goes against what is measured", () => {
    const few = fc.integer({ min: 0, max: 5 });
    const given = fc.record({
      used: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 8 }),
      missing: few,
      unready: few,
      target: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(given, (one) => {
        const found = proposedFor(one);
        if ("problem" in found) throw new Error(found.problem);
        const { replicas, usage } = found.value;
        const silent = one.missing + one.unready;
        const current = one.used.length + silent;
        if (usage.ratio > 1) expect(replicas).toBeGreaterThanOrEqual(current);
        if (usage.ratio <= 1) expect(replicas).toBeLessThanOrEqual(current);
        if (usage.ratio >= 0.9 && usage.ratio <= 1.1) expect(replicas).toBe(current);
      }),
    );
  });
});

test("an average amount is compared with what each pod uses", () => {
  const groups = {
    counted: new Map([
      ["a", 300],
      ["b", 500],
    ]),
    missing: [],
    unready: [],
  };
  const options = { groups, currentReplicas: 2, tolerances: { up: 0.1, down: 0.1 } };
  const found = propose({ ...options, ...byAverage(200) });
  expect(found).toEqual({ value: { replicas: 4, usage: { ratio: 2, averageMillis: 400 } } });
});
