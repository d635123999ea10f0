import { expect, test } from "vitest";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import type { Pod, ReplicationController } from "#api/schema/types";
import { planReplication } from "#control-plane/controllers/replication-controller";
import { T0, deployment, pod } from "#test/support/workloads";

function replication(replicas: number, status?: object): ReplicationController {
  return {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: { name: "web", namespace: "default", uid: "uid-web", generation: 1 },
    spec: { replicas, selector: { app: "web" }, template: deployment("web").spec.template },
    ...(status ? { status: status as NonNullable<ReplicationController["status"]> } : {}),
  };
}

const owner = { kind: "ReplicationController", name: "web" };
const plan = (one: ReplicationController, candidates: readonly Pod[]) =>
  planReplication({ replication: one, candidates }, T0);

test("a ReplicationController makes pods that are its own, and says on itself why it cannot", () => {
  const [create] = plan(replication(1), []);
  expect(create).toMatchObject({
    type: "create",
    object: { metadata: { ownerReferences: [{ apiVersion: "v1", ...owner }] } },
    event: { about: { kind: "ReplicationController" } },
  });
  const failed = create?.type === "create" ? create.onFailure?.("no quota") : undefined;
  expect(failed).toMatchObject({ kind: replicationControllerKind, target: { name: "web" } });
});

test("a ReplicationController counts in its own status, and keeps its plain selector", () => {
  const actions = plan(replication(1), [pod("a", { owner, isReady: true })]);
  expect(actions).toMatchObject([
    {
      type: "updateStatus",
      kind: replicationControllerKind,
      object: { spec: { selector: { app: "web" } }, status: { replicas: 1, readyReplicas: 1 } },
    },
  ]);
});

test("pods that are stopping are nothing new to a ReplicationController", () => {
  const status = { replicas: 1, fullyLabeledReplicas: 1, observedGeneration: 1 };
  const pods = [pod("a", { owner }), pod("b", { owner, isDeleted: true })];
  expect(plan(replication(1, status), pods)).toEqual([]);
});
