import { describe, expect, test } from "vitest";
import type { Action } from "#control-plane/controllers/controller";
import { rankForDeletion } from "#control-plane/controllers/pod-ranking";
import { planReplicaSet } from "#control-plane/controllers/replica-set";
import { T0, pod, replicaSet } from "#test/support/workloads";

const owner = { kind: "ReplicaSet", name: "web" };

function plan(
  replicas: number,
  candidates: readonly ReturnType<typeof pod>[],
  more = {},
): Action[] {
  return planReplicaSet({ replicaSet: replicaSet("web", replicas, more), candidates }, T0);
}

function ofType<Type extends Action["type"]>(actions: readonly Action[], type: Type) {
  return actions.filter((action): action is Action & { type: Type } => action.type === type);
}

describe("a ReplicaSet", () => {
  test("creates what is missing, from its template, owned and with a generated name", () => {
    const [first, ...others] = ofType(plan(2, []), "create");
    expect(others).toHaveLength(1);
    expect(first?.object.metadata).toMatchObject({
      generateName: "web-",
      labels: { app: "web" },
      ownerReferences: [{ name: "web", controller: true, blockOwnerDeletion: true }],
    });
  });

  test("counts neither pods that have ended nor pods that are being deleted", () => {
    const pods = [pod("a", { owner, phase: "Failed" }), pod("b", { owner, isDeleted: true })];
    expect(ofType(plan(1, pods), "create")).toHaveLength(1);
  });

  test("adopts an orphan that matches and releases a pod that does not match any more", () => {
    const orphan = pod("orphan");
    const stranger = pod("stranger", { owner, labels: { app: "other" } });
    const patches = ofType(plan(1, [orphan, stranger]), "patch");
    expect(patches.map(({ target, body }) => [target.name, body])).toMatchObject([
      ["orphan", { metadata: { ownerReferences: [{ name: "web", controller: true }] } }],
      ["stranger", { metadata: { ownerReferences: [] } }],
    ]);
    expect(ofType(plan(1, [orphan, stranger]), "create")).toEqual([]);
  });

  test("that is being deleted neither creates, deletes nor adopts", () => {
    const metadata = {
      ...replicaSet("web", 1).metadata,
      deletionTimestamp: "2026-01-01T00:00:00Z",
    };
    const types = plan(3, [pod("orphan")], { metadata }).map(({ type }) => type);
    expect(types).toEqual(["updateStatus"]);
  });

  test("makes at most 500 pods in one look", () => {
    expect(ofType(plan(2000, []), "create")).toHaveLength(500);
  });

  test("becomes available by time alone, and looks again exactly then", () => {
    const set = replicaSet("web", 1);
    set.spec.minReadySeconds = 10;
    const candidates = [pod("a", { owner, isReady: true, ageMs: 4000 })];
    const actions = planReplicaSet({ replicaSet: set, candidates }, T0);
    expect(ofType(actions, "requeue")).toEqual([{ type: "requeue", afterMs: 6000 }]);
    const [later] = ofType(
      planReplicaSet({ replicaSet: set, candidates }, T0 + 6000),
      "updateStatus",
    );
    expect(later?.object).toMatchObject({ status: { readyReplicas: 1, availableReplicas: 1 } });
  });

  test("says in a condition why there are no pods, until there are enough", () => {
    const [creation] = ofType(plan(1, []), "create");
    expect(creation?.onFailure?.("no quota")).toMatchObject({
      body: {
        status: {
          conditions: [
            { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "no quota" },
          ],
        },
      },
    });
    const conditions = [{ type: "ReplicaFailure", status: "True" }];
    const status = { replicas: 0, observedGeneration: 1, conditions };
    const [still] = ofType(plan(1, [], { status }), "create");
    expect(still?.onFailure).toBeUndefined();
    const [cleared] = ofType(plan(1, [pod("a", { owner })], { status }), "updateStatus");
    expect(cleared?.object).toMatchObject({ status: { conditions: [] } });
  });

  test("while pods are refused, those that there are are counted first", () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate" }];
    const pods = [pod("a", { owner, isReady: true })];
    const status = { replicas: 0, observedGeneration: 1, conditions };
    expect(plan(2, pods, { status }).map(({ type }) => type)).toEqual(["updateStatus", "create"]);
    const fine = { replicas: 0, observedGeneration: 1 };
    expect(plan(2, pods, { status: fine }).map(({ type }) => type)).toEqual([
      "create",
      "updateStatus",
    ]);
  });
});

test.each([
  ["without a node", pod("b", { node: "n", isReady: true }), pod("a", {})],
  ["pending", pod("b", { node: "n", phase: "Running" }), pod("a", { node: "n", phase: "Pending" })],
  ["not ready", pod("b", { node: "n", isReady: true }), pod("a", { node: "n", phase: "Running" })],
  [
    "cheaper to delete",
    pod("a", { node: "n", isReady: true }),
    pod("b", {
      node: "n",
      isReady: true,
      annotations: { "controller.kubernetes.io/pod-deletion-cost": "-1" },
    }),
  ],
  [
    "ready for a shorter time",
    pod("a", { node: "n", isReady: true, ageMs: 3_600_000 }),
    pod("b", { node: "n", isReady: true, ageMs: 5_000 }),
  ],
])("of two pods the one that is %s goes first", (_, stays, goes) => {
  expect(rankForDeletion([stays, goes], T0)[0]).toBe(goes);
  expect(rankForDeletion([goes, stays], T0)[0]).toBe(goes);
});

test("of pods alike one on the node with most of them goes first", () => {
  const ready = { isReady: true };
  const pods = [
    pod("a", { ...ready, node: "one" }),
    pod("b", { ...ready, node: "two" }),
    pod("c", { ...ready, node: "two" }),
  ];
  expect(rankForDeletion(pods, T0)[0]?.spec.nodeName).toBe("two");
});
