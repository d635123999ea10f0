import { describe, expect, test } from "vitest";
import { podRequests } from "#api/kinds/pod-status";
import type { Node, PodSpec } from "#api/schema/types";
import { decide } from "#control-plane/scheduler/cycle";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { seededRng } from "#kit/rng";
import { node, pod } from "#test/support/workloads";

function decideFor(spec: Partial<PodSpec>, nodes: readonly Node[]) {
  const snapshot = new Snapshot();
  for (const one of nodes) snapshot.setNode(one);
  const candidate = pod("p", { spec });
  const place = { key: "default/p", pod: candidate, priority: 0, requests: podRequests(candidate) };
  return decide(place, snapshot.nodes, plugins, seededRng(1));
}

const large = {
  containers: [{ name: "main", resources: { requests: { cpu: "8", memory: "1Gi" } } }],
};

describe("why a pod is pending", () => {
  test("is said in the words of kubectl describe, sorted", () => {
    const tainted = node("c", { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] });
    expect(decideFor(large, [node("a"), node("b"), tainted])).toEqual({
      type: "refuse",
      message:
        "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient cpu.",
      plugins: new Set(["NodeResourcesFit", "TaintToleration"]),
    });
  });

  test("is said of a cluster without nodes", () => {
    expect(decideFor({}, [])).toMatchObject({ message: "no nodes available to schedule pods" });
  });

  test("names the first refusal of a node alone", () => {
    const cordoned = node("a", {
      unschedulable: true,
      taints: [{ key: "a", effect: "NoSchedule" }],
    });
    expect(decideFor(large, [cordoned])).toMatchObject({
      message: "0/1 nodes are available: 1 node(s) were unschedulable.",
    });
  });
});

test("a pod goes to the only node that can take it", () => {
  expect(decideFor(large, [node("a"), node("b", { cpu: "16" })])).toEqual({
    type: "place",
    nodeName: "b",
  });
});
