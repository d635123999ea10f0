import { describe, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import type { KubeObject } from "#api/machinery/meta";
import {
  type GarbageInput,
  type OwnerState,
  planGarbage,
} from "#control-plane/controllers/garbage-collector";
import { pod, replicaSet } from "#test/support/workloads";

const present: OwnerState = { type: "present" };
const waiting: OwnerState = { type: "waiting" };
const missing = (name: string): OwnerState => ({
  type: "missing",
  absent: { kind: replicaSetKind, namespace: "default", name, uid: `uid-${name}` },
});

/** A pod with these owners, by name. */
function owned(
  states: Readonly<Record<string, OwnerState>>,
  more: Partial<GarbageInput> = {},
): GarbageInput {
  const owners = Object.entries(states).map(([name, state]) => ({
    reference: { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid: `uid-${name}` },
    state,
  }));
  const object = pod("p");
  object.metadata.ownerReferences = owners.map(({ reference }) => reference);
  return { kind: podKind, object, owners, dependents: [], ...more };
}

describe("a dependent", () => {
  test("stays while its owner is there", () => {
    expect(planGarbage(owned({ a: present }))).toEqual([]);
  });

  test("goes with its last owner, once the API server has said that it is gone", () => {
    expect(planGarbage(owned({ a: missing("a"), b: missing("b") }))).toMatchObject([
      {
        type: "delete",
        propagationPolicy: "Background",
        onlyIfAbsent: [{ uid: "uid-a" }, { uid: "uid-b" }],
      },
    ]);
  });

  test("forgets an owner that is gone while another is there", () => {
    expect(planGarbage(owned({ a: missing("a"), b: present }))).toMatchObject([
      {
        type: "patch",
        body: { metadata: { ownerReferences: [{ name: "b" }] } },
        onlyIfAbsent: [{ uid: "uid-a" }],
      },
    ]);
  });

  test("goes when its owner waits for it, its own dependents first", () => {
    const dependents = [{ kind: podKind, object: pod("q") }];
    expect(planGarbage(owned({ a: waiting }))).toMatchObject([{ propagationPolicy: "Background" }]);
    expect(planGarbage(owned({ a: waiting }, { dependents }))).toMatchObject([
      { type: "delete", propagationPolicy: "Foreground" },
    ]);
  });
});

describe("an owner that is being deleted", () => {
  function owner(finalizer: string, ...dependents: KubeObject[]): GarbageInput {
    const object = replicaSet("owner", 1);
    object.metadata.finalizers = [finalizer, "example.com/other"];
    object.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    const withKind = dependents.map((dependent) => ({ kind: podKind, object: dependent }));
    return { kind: deploymentKind, object, owners: [], dependents: withKind };
  }
  const dependent = (blockOwnerDeletion: boolean): KubeObject => {
    const one = pod("p", { owner: { kind: "ReplicaSet", name: "owner" } });
    for (const reference of one.metadata.ownerReferences ?? []) {
      reference.blockOwnerDeletion = blockOwnerDeletion;
    }
    return one;
  };

  test("in the foreground waits for the dependents that block it, and for no others", () => {
    expect(planGarbage(owner("foregroundDeletion", dependent(true)))).toEqual([]);
    expect(planGarbage(owner("foregroundDeletion", dependent(false)))).toMatchObject([
      { type: "patch", body: { metadata: { finalizers: ["example.com/other"] } } },
    ]);
  });

  test("with orphaning releases its dependents before it goes", () => {
    expect(planGarbage(owner("orphan", dependent(true)))).toMatchObject([
      { target: { name: "p" }, body: { metadata: { ownerReferences: [] } } },
      { target: { name: "owner" }, body: { metadata: { finalizers: ["example.com/other"] } } },
    ]);
  });

  test("with any other finalizer is left to whom it belongs", () => {
    expect(planGarbage(owner("example.com/mine"))).toEqual([]);
  });
});
