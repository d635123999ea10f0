import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { planMoves } from "#control-plane/scheduler/rebalance/plan";
import { rebalanceSettings } from "#control-plane/scheduler/rebalance/settings";
import { node, pod, type PodOptions } from "#test/support/workloads";

const settings = { highPercent: 80, lowPercent: 50, evictionsPerMinute: 5 };

function owned(name: string, nodeName: string, cpu: string, more: PodOptions = {}): Pod {
  const spec = { containers: [{ name: "main", resources: { requests: { cpu } } }], ...more.spec };
  const owner = more.owner ?? { kind: "ReplicaSet", name: "web" };
  return pod(name, { isReady: true, node: nodeName, ...more, owner, spec: { ...spec, nodeName } });
}

function requestedOn(name: string, pods: readonly Pod[]): number {
  return pods
    .filter(({ spec }) => spec.nodeName === name)
    .reduce((sum, { spec }) => sum + Number(spec.containers[0]?.resources?.requests?.["cpu"]), 0);
}

describe("rebalancing", () => {
  test("moves no more than it takes from the fullest node to the emptiest", () => {
    const pods = [owned("a", "full", "2"), owned("b", "full", "1"), owned("c", "full", "1")];
    const moves = planMoves([node("full"), node("empty")], pods, settings, 5);
    expect(moves.map(({ pod: { metadata }, from, to }) => [metadata.name, from, to])).toEqual([
      ["a", "full", "empty"],
    ]);
  });

  test("leaves alone what nobody would make anew, what belongs to its node, and who says no", () => {
    const bare = pod("bare", { isReady: true, node: "full", spec: owned("x", "full", "1").spec });
    const pods = [
      bare,
      owned("daemon", "full", "1", { owner: { kind: "DaemonSet", name: "d" } }),
      owned("no", "full", "1", { annotations: { "kaji.dev/rebalance": "false" } }),
      owned("data", "full", "500m", { spec: { volumes: [{ name: "v", emptyDir: {} }] } as never }),
      owned("starting", "full", "400m", { isReady: false }),
    ];
    expect(planMoves([node("full"), node("empty")], pods, settings, 5)).toEqual([]);
  });

  test("sends nothing to nodes that are cordoned, tainted or not ready", () => {
    const notReady = { ...node("c"), status: { ...node("c").status, conditions: [] } };
    const nodes: Node[] = [
      node("full"),
      node("a", { unschedulable: true }),
      node("b", { taints: [{ key: "x", effect: "NoSchedule" }] }),
      notReady,
    ];
    expect(
      planMoves(nodes, [owned("p", "full", "1"), owned("q", "full", "3")], settings, 5),
    ).toEqual([]);
  });

  test("is bounded, never overfills a target, and ends when repeated", () => {
    const layout = fc.array(
      fc.record({ node: fc.integer({ min: 0, max: 3 }), cpu: fc.integer({ min: 1, max: 3 }) }),
      { maxLength: 20 },
    );
    const nodes = [0, 1, 2, 3].map((i) => node(`n${i}`, { cpu: "8" }));
    fc.assert(
      fc.property(layout, fc.integer({ min: 1, max: 5 }), (placed, limit) => {
        let pods = placed.map(({ node: at, cpu }, i) => owned(`p${i}`, `n${at}`, String(cpu)));
        for (let round = 0; round < 50; round++) {
          const moves = planMoves(nodes, pods, settings, limit);
          expect(moves.length).toBeLessThanOrEqual(limit);
          if (moves.length === 0) return;
          const goals = new Map(moves.map(({ pod: { metadata }, to }) => [metadata.name, to]));
          pods = pods.map((one) => {
            const nodeName = goals.get(one.metadata.name);
            return nodeName ? { ...one, spec: { ...one.spec, nodeName } } : one;
          });
          for (const to of goals.values())
            expect(requestedOn(to, pods)).toBeLessThanOrEqual(8 * 0.8);
        }
        throw new Error("rebalancing does not come to rest");
      }),
    );
  });
});

test("the rebalancer is off unless it is told to work, and nonsense numbers count as not given", () => {
  expect(rebalanceSettings({})).toBeUndefined();
  expect(rebalanceSettings({ data: { enabled: "yes" } })).toBeUndefined();
  expect(
    rebalanceSettings({ data: { enabled: "true", highPercent: "-3", lowPercent: "95" } }),
  ).toEqual({
    highPercent: 80,
    lowPercent: 80,
    evictionsPerMinute: 5,
  });
});
