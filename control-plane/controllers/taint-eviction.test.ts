import { describe, expect, test } from "vitest";
import type { Pod, Taint } from "#api/schema/types";
import { planTaintEviction } from "#control-plane/controllers/taint-eviction";
import { T0, node, pod } from "#test/support/workloads";

const NOW = T0 + 3_600_000;
const UNREACHABLE = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
const timeAdded = new Date(NOW - 100_000).toISOString();

function plan(one: Pod, taints: Taint[] = [{ ...UNREACHABLE, timeAdded }]) {
  return planTaintEviction({ node: node("n", { taints }), pods: [one] }, NOW);
}

function tolerating(tolerationSeconds?: number): Pod {
  const toleration = { ...UNREACHABLE, operator: "Exists" };
  const tolerations = [
    tolerationSeconds === undefined ? toleration : { ...toleration, tolerationSeconds },
  ];
  return pod("a", { node: "n", spec: { tolerations } });
}

describe("the pods of a node with a NoExecute taint", () => {
  test.each([
    ["without a toleration go at once", pod("a", { node: "n" }), true],
    ["whose toleration has ended go", tolerating(100), true],
    ["whose toleration goes on stay", tolerating(101), false],
    ["that tolerate for ever stay", tolerating(), false],
    ["that are going already are left alone", pod("a", { node: "n", isDeleted: true }), false],
    ["that have ended are left alone", pod("a", { node: "n", phase: "Succeeded" }), false],
  ])("%s", (_, one, isEvicted) => {
    expect(plan(one).some(({ type }) => type === "delete")).toBe(isEvicted);
  });

  test("are looked at again when their toleration ends", () => {
    expect(plan(tolerating(130))).toEqual([{ type: "requeue", afterMs: 30_000 }]);
  });

  test("must tolerate every one of its taints", () => {
    const mine = { key: "broken", effect: "NoExecute" };
    expect(plan(tolerating(), [{ ...UNREACHABLE, timeAdded }, mine])).toMatchObject([
      { type: "patch" },
      { type: "delete" },
    ]);
  });

  test("say why before they go, and an event tells it", () => {
    expect(plan(pod("a", { node: "n" }))).toMatchObject([
      {
        type: "patch",
        subresource: "status",
        body: {
          status: {
            conditions: [
              {
                type: "DisruptionTarget",
                status: "True",
                reason: "DeletionByTaintManager",
                message: "Taint manager: deleting due to NoExecute taint",
              },
            ],
          },
        },
      },
      {
        type: "delete",
        event: {
          reason: "TaintManagerEviction",
          message: "Marking for deletion Pod default/%NAME%",
        },
      },
    ]);
  });
});
