import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node } from "#api/schema/types";
import { evictionRate, evictionVerdict } from "#control-plane/controllers/node-lifecycle/zones";
import { DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { toTime } from "#kit/clock";
import { T0, node } from "#test/support/workloads";

const NOW = T0 + 3_600_000;
const settings = DEFAULT_SETTINGS;

interface Sketch {
  readonly silentMs?: number;
  readonly zone?: string;
  readonly readyForMs?: number;
  readonly givenUpForMs?: number;
}

function cluster(sketches: readonly Sketch[]) {
  const silentMs = new Map<Node, number>();
  const nodes = sketches.map((sketch, index) => {
    const one = node(`n${index}`);
    const { zone, readyForMs = 3_600_000, givenUpForMs } = sketch;
    if (zone) one.metadata.labels = { "topology.kubernetes.io/zone": zone };
    const lastTransitionTime = toTime(NOW - readyForMs);
    one.status = { conditions: [{ type: "Ready", status: "True", lastTransitionTime }] };
    if (givenUpForMs !== undefined) {
      const timeAdded = toTime(NOW - givenUpForMs);
      const key = "node.kubernetes.io/unreachable";
      one.spec = { taints: [{ key, effect: "NoExecute", timeAdded }] };
    }
    silentMs.set(one, sketch.silentMs ?? 0);
    return one;
  });
  return { nodes, heardMs: (one: Node) => NOW - (silentMs.get(one) ?? 0), settings };
}

/** About the first node. */
function verdict(...sketches: Sketch[]) {
  const neighbourhood = cluster(sketches);
  return evictionVerdict(neighbourhood.nodes[0] as Node, neighbourhood, NOW);
}

const dead = { silentMs: 60_000 };
const alive = {};

describe("the pods of a lost node", () => {
  test("are given up when others live", () => {
    expect(verdict(dead, alive)).toEqual({ type: "evict" });
  });

  test("stay when no other node lives", () => {
    expect(verdict(dead)).toEqual({ type: "suspend" });
    expect(verdict(dead, dead, dead)).toEqual({ type: "suspend" });
  });

  test("stay when the others are about to be lost as well: cut off together, they differ by a heartbeat", () => {
    const silentMs = settings.nodeMonitorGraceMs - 9_900;
    expect(verdict(dead, { silentMs }, { silentMs })).toEqual({ type: "suspend" });
  });

  test("stay for one more grace when the first others have only just come back", () => {
    expect(verdict(dead, { readyForMs: 5_000 })).toEqual({ type: "wait", afterMs: 35_000 });
  });

  test("wait for their turn: one node in ten seconds", () => {
    const given = { ...dead, givenUpForMs: 4_000 };
    expect(verdict(dead, given, alive)).toEqual({ type: "wait", afterMs: 6_000 });
  });

  test("do not wait for nodes of another zone", () => {
    const given = { ...dead, givenUpForMs: 4_000, zone: "b" };
    expect(verdict({ ...dead, zone: "a" }, given, alive)).toEqual({ type: "evict" });
  });

  test("are given up when their whole zone is dead and another lives", () => {
    const a = { ...dead, zone: "a" };
    expect(verdict(a, a, a, { zone: "b" })).toEqual({ type: "evict" });
  });

  test("stay when most of a small zone is dead", () => {
    expect(verdict(dead, dead, dead, alive, alive).type).toBe("wait");
  });
});

describe("the rate at which nodes are given up", () => {
  test.each([
    ["up to two dead ones are normal", 3, 2, 0.1],
    ["most of a small zone", 5, 3, 0],
    ["most of a large zone", 100, 60, 0.01],
    ["less than the threshold", 100, 54, 0.1],
    ["a zone that is dead as a whole", 5, 5, 0.1],
  ])("%s", (_, count, deadCount, rate) => {
    expect(evictionRate(count, deadCount, settings)).toBe(rate);
  });
});

test("nothing is ever given up unless a node has been ready and heard for a whole grace", () => {
  const sketch = fc.record({
    silentMs: fc.nat(100_000),
    readyForMs: fc.nat(100_000),
    zone: fc.constantFrom("a", "b"),
  });
  fc.assert(
    fc.property(fc.array(sketch, { minLength: 1, maxLength: 8 }), (sketches) => {
      const isEvicted = verdict(...sketches).type === "evict";
      const isSteady = sketches.some(
        ({ silentMs, readyForMs }) =>
          silentMs < settings.nodeMonitorGraceMs / 2 &&
          readyForMs >= settings.nodeMonitorGraceMs - 1_000,
      );
      expect(isEvicted && !isSteady).toBe(false);
    }),
  );
});
