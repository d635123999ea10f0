import { describe, expect, test } from "vitest";
import type { Node, PodSpec } from "#api/schema/types";
import { CycleMemory, decide } from "#control-plane/scheduler/cycle";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { cycleProfile } from "#control-plane/scheduler/profile";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { seededRng } from "#kit/rng";
import { viewOf } from "#test/support/scheduling";
import { node, pod } from "#test/support/workloads";

function decideFor(spec: Partial<PodSpec>, nodes: readonly Node[]) {
  const snapshot = new Snapshot();
  for (const one of nodes) snapshot.setNode(one);
  return decide(toPlace(pod("p", { spec })), {
    view: viewOf(snapshot),
    profile: cycleProfile({ name: "default-scheduler", plugins }),
    rng: seededRng(1),
    memory: new CycleMemory(),
  });
}

const large = {
  containers: [{ name: "main", resources: { requests: { cpu: "8", memory: "1Gi" } } }],
};

describe("why a pod is pending", () => {
  test("is said in the words of kubectl describe, sorted", () => {
    const tainted = node("c", { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] });
    expect(decideFor(large, [node("a"), node("b"), tainted])).toMatchObject({
      type: "refuse",
      message:
        "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
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
      message:
        "0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    });
  });
});

test("a pod goes to the only node that can take it", () => {
  expect(decideFor(large, [node("a"), node("b", { cpu: "16" })])).toEqual({
    type: "place",
    nodeName: "b",
  });
});
