import { describe, expect, test } from "vitest";
import type { Lease, Node, Pod } from "#api/schema/types";
import {
  GRACE_MS,
  type NodeLifecycleInput,
  planNodeLifecycle,
} from "#control-plane/controllers/node-lifecycle";
import { T0, node, pod } from "#test/support/workloads";

const NOW = T0 + 3_600_000;
const UNREACHABLE = { key: "node.kubernetes.io/unreachable" };

function lease(ageMs: number): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "n", namespace: "kube-node-lease" },
    spec: { renewTime: new Date(NOW - ageMs).toISOString() },
  };
}

function plan(input: Partial<NodeLifecycleInput>, nowMs = NOW) {
  const whole = {
    nodeName: "n",
    node: node("n"),
    lease: lease(0),
    sinceMs: 0,
    pods: [],
    hasReadyPeer: true,
  };
  return planNodeLifecycle({ ...whole, ...input }, nowMs);
}

function tainted(...taints: { key: string; effect: string; timeAdded?: string }[]): Node {
  return node("n", { taints });
}

const lost = { lease: lease(GRACE_MS + 1) };

describe("a node that renews its lease", () => {
  test("is looked at again when the lease has run out", () => {
    expect(plan({ lease: lease(10_000) })).toEqual([
      { type: "requeue", afterMs: GRACE_MS - 10_000 + 1 },
    ]);
  });

  test("loses the taints of a lost one, and keeps those of others", () => {
    const mine = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
    const [patch] = plan({ node: tainted(mine, { ...UNREACHABLE, effect: "NoExecute" }) });
    expect(patch).toMatchObject({ type: "patch", body: { spec: { taints: [mine] } } });
  });

  test("but is not ready is tainted as such", () => {
    const unready = node("n");
    unready.status = { conditions: [{ type: "Ready", status: "False" }] };
    const [patch] = plan({ node: unready });
    const key = "node.kubernetes.io/not-ready";
    expect(patch).toMatchObject({
      body: {
        spec: {
          taints: [
            { key, effect: "NoSchedule" },
            { key, effect: "NoExecute" },
          ],
        },
      },
    });
  });
});

describe("a node that has stopped to renew its lease", () => {
  test("is tainted, becomes Unknown, and its pods are not ready", () => {
    const actions = plan({ ...lost, pods: [pod("a", { isReady: true, node: "n" })] });
    const patches = actions.filter((action) => action.type === "patch");
    expect(patches).toMatchObject([
      {
        kind: { kind: "Node" },
        body: {
          spec: {
            taints: [
              { ...UNREACHABLE, effect: "NoSchedule" },
              { ...UNREACHABLE, effect: "NoExecute" },
            ],
          },
        },
      },
      {
        kind: { kind: "Node" },
        body: {
          status: {
            conditions: [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }],
          },
        },
      },
      {
        kind: { kind: "Pod" },
        body: { status: { conditions: [{ type: "Ready", status: "False" }] } },
      },
    ]);
  });

  test("is given the grace anew when nobody has listened before", () => {
    const actions = plan({ ...lost, sinceMs: NOW - 1_000 });
    expect(actions).toEqual([{ type: "requeue", afterMs: GRACE_MS - 1_000 + 1 }]);
  });
});

describe("the pods of an unreachable node", () => {
  const timeAdded = new Date(NOW - 100_000).toISOString();
  const unreachable = tainted(
    { ...UNREACHABLE, effect: "NoSchedule" },
    { ...UNREACHABLE, effect: "NoExecute", timeAdded },
  );
  const tolerating = (tolerationSeconds?: number): Pod => {
    const toleration = { ...UNREACHABLE, operator: "Exists", effect: "NoExecute" };
    const tolerations = [
      tolerationSeconds === undefined ? toleration : { ...toleration, tolerationSeconds },
    ];
    return pod("a", { node: "n", spec: { tolerations } });
  };
  const evicted = (one: Pod, more = {}) =>
    plan({ ...lost, node: unreachable, pods: [one], ...more }).find(
      ({ type }) => type === "delete",
    );

  test.each([
    ["without a toleration go at once", pod("a", { node: "n" }), true],
    ["whose toleration has ended go", tolerating(100), true],
    ["whose toleration goes on stay", tolerating(101), false],
    ["that tolerate for ever stay", tolerating(), false],
    ["that are going already are left alone", pod("a", { node: "n", isDeleted: true }), false],
  ])("%s", (_, one, isEvicted) => {
    expect(evicted(one) !== undefined).toBe(isEvicted);
  });

  test("stay while there is no ready node to go to", () => {
    expect(evicted(pod("a", { node: "n" }), { hasReadyPeer: false })).toBeUndefined();
  });

  test("are evicted with an event that says so", () => {
    expect(evicted(pod("a", { node: "n" }))).toMatchObject({
      event: { reason: "TaintManagerEviction", message: "Marking for deletion Pod default/%NAME%" },
    });
  });
});

test("the pods of a node that was deleted go at once, if the API server does not have the node either", () => {
  expect(plan({ node: undefined, pods: [pod("a", { node: "n" })] })).toMatchObject([
    { type: "delete", gracePeriodSeconds: 0, onlyIfAbsent: [{ name: "n", uid: undefined }] },
  ]);
});
