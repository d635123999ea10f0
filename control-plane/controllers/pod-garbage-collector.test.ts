import { describe, expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import {
  type PodGarbageInput,
  planPodGarbage,
  QUARANTINE_MS,
} from "#control-plane/controllers/pod-garbage-collector";
import { T0, node, pod } from "#test/support/workloads";

const NOW = T0 + 3_600_000;

function plan(one: Pod, more: Partial<PodGarbageInput> = {}) {
  const input = { pod: one, node: node("n"), nodeGoneMs: 0, surplus: [], ...more };
  return planPodGarbage(input, NOW);
}

const bound = pod("a", { node: "n" });
const going = pod("a", { node: "n", isDeleted: true });

function unready(taintKey?: string): Node {
  const one = node("n", taintKey ? { taints: [{ key: taintKey, effect: "NoExecute" }] } : {});
  one.status = { conditions: [{ type: "Ready", status: "Unknown" }] };
  return one;
}

describe("a pod of a node that is gone", () => {
  test("is kept in case the node comes back", () => {
    const nodeGoneMs = NOW - QUARANTINE_MS + 5_000;
    expect(plan(bound, { node: undefined, nodeGoneMs })).toEqual([
      { type: "requeue", afterMs: 5_000 },
    ]);
  });

  test("has failed and goes, if the API server does not have the node either", () => {
    const onlyIfAbsent = [{ name: "n", uid: undefined }];
    expect(plan(bound, { node: undefined })).toMatchObject([
      {
        type: "patch",
        onlyIfAbsent,
        body: {
          status: {
            phase: "Failed",
            conditions: [
              {
                type: "DisruptionTarget",
                reason: "DeletionByPodGC",
                message: "PodGC: node no longer exists",
              },
            ],
          },
        },
      },
      { type: "delete", gracePeriodSeconds: 0, onlyIfAbsent },
    ]);
  });
});

describe("a pod of a node that does not answer", () => {
  test("stays Terminating: it may still run", () => {
    expect(plan(going, { node: unready() })).toEqual([]);
  });

  test("goes when the node is declared out of service", () => {
    const actions = plan(going, { node: unready("node.kubernetes.io/out-of-service") });
    expect(actions).toMatchObject([
      { type: "patch", body: { status: { phase: "Failed" } } },
      { type: "delete", gracePeriodSeconds: 0 },
    ]);
  });

  test("is left alone when nobody has deleted it", () => {
    expect(plan(bound, { node: unready("node.kubernetes.io/out-of-service") })).toEqual([]);
  });

  test("is left to the node when that answers, whatever its taint says", () => {
    const taints = [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }];
    expect(plan(going, { node: node("n", { taints }) })).toEqual([]);
  });
});

test("a pod that was deleted before it had a node goes", () => {
  expect(plan(pod("a", { isDeleted: true }), { node: undefined })).toMatchObject([
    { type: "patch" },
    { type: "delete" },
  ]);
});

test("ended pods beyond the threshold go", () => {
  const ended = pod("a", { node: "n", phase: "Succeeded" });
  const old = pod("old", { node: "n", phase: "Succeeded" });
  expect(plan(ended, { surplus: [old] })).toMatchObject([
    { type: "delete", target: { name: "old" }, gracePeriodSeconds: 0 },
  ]);
});
