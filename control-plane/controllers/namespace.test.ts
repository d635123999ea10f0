import { expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import type { Namespace } from "#api/schema/types";
import { planNamespace } from "#control-plane/controllers/namespace";
import { T0, pod } from "#test/support/workloads";

const leaving: Namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", deletionTimestamp: "2026-01-01T00:00:00Z" },
  spec: { finalizers: ["kubernetes"] },
};

test("what is in a namespace that is being deleted is deleted, and said", () => {
  const held = pod("held", { isDeleted: true });
  held.metadata.finalizers = ["example.com/keep"];
  const actions = planNamespace(
    { namespace: leaving, contents: [{ kind: podKind, objects: [pod("a"), held] }] },
    T0,
  );
  expect(actions.map(({ type }) => type)).toEqual(["delete", "updateStatus", "requeue"]);
  const [, write] = actions;
  const status = write?.type === "updateStatus" && (write.object as Namespace).status;
  expect(status).toMatchObject({ phase: "Terminating" });
  const said = status
    ? status.conditions?.map(({ type, status: is, message }) => [type, is, message])
    : [];
  expect(said).toEqual([
    ["NamespaceDeletionDiscoveryFailure", "False", "All resources successfully discovered"],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      "False",
      "All legacy kube types successfully parsed",
    ],
    [
      "NamespaceDeletionContentFailure",
      "False",
      "All content successfully deleted, may be waiting on finalization",
    ],
    [
      "NamespaceContentRemaining",
      "True",
      "Some resources are remaining: pods. has 2 resource instances",
    ],
    [
      "NamespaceFinalizersRemaining",
      "True",
      "Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances",
    ],
  ]);
});

test("an empty namespace loses its finalizer, if the API server finds it empty too", () => {
  const actions = planNamespace({ namespace: leaving, contents: [] }, T0);
  expect(actions.map(({ type }) => type)).toEqual([
    "deleteCollection",
    "finalizeNamespace",
    "requeue",
  ]);
  const [, finalize] = actions;
  if (finalize?.type !== "finalizeNamespace") throw new Error("there is no finalizeNamespace");
  expect(finalize.object).toMatchObject({ spec: { finalizers: [] } });
  expect(finalize.emptyOf).toEqual(expect.arrayContaining([podKind, secretKind]));
});

test("without the finalizer there is nothing to do", () => {
  const namespace = { ...leaving, spec: { finalizers: ["other"] } };
  expect(planNamespace({ namespace, contents: [] }, T0)).toEqual([]);
});
