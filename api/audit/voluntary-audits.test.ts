import { describe, expect, test } from "vitest";
import { evictionsKeepBudgets } from "#api/audit/evictions-keep-budgets";
import { ObjectsByKind } from "#api/audit/define-audit";
import { podGroupsAreWhole } from "#api/audit/pod-groups-are-whole";
import type { KubeObject } from "#api/machinery/meta";
import type { Pod, PodDisruptionBudget } from "#api/schema/types";

const time = "2026-01-01T00:00:00Z";

function evicted(name: string, unreadySince?: string): Pod {
  const reason = "EvictionByEvictionAPI";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "web" }, deletionTimestamp: time },
    spec: { containers: [] },
    status: {
      conditions: [
        { type: "DisruptionTarget", status: "True", reason, lastTransitionTime: time },
        unreadySince
          ? { type: "Ready", status: "False", lastTransitionTime: unreadySince }
          : { type: "Ready", status: "True" },
      ],
    },
  };
}

const budget = (maxUnavailable: number, generation: number): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "default", generation },
  spec: { maxUnavailable, selector: { matchLabels: { app: "web" } } },
});

function member(name: string, nodeName?: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      labels: { "kaji.dev/pod-group": "g" },
      annotations: { "kaji.dev/pod-group-min-available": "2" },
    },
    spec: { containers: [], ...(nodeName ? { nodeName } : {}) },
  };
}

const found = (audit: typeof podGroupsAreWhole, ...objects: KubeObject[]): number =>
  audit.check(new ObjectsByKind(objects)).length;

describe("evictions-keep-budgets", () => {
  test("counts the pods that are being evicted, and not those deleted otherwise", () => {
    const deleted = { ...evicted("c"), status: {} };
    expect(found(evictionsKeepBudgets, budget(1, 1), evicted("a"), deleted)).toBe(0);
    expect(found(evictionsKeepBudgets, budget(1, 1), evicted("a"), evicted("b"))).toBe(1);
  });

  test("counts a pod that stopped since it was evicted, and not one that was not ready before", () => {
    const stopped = evicted("b", "2026-01-01T00:00:05Z");
    const neverReady = evicted("c", "2025-12-31T00:00:00Z");
    expect(found(evictionsKeepBudgets, budget(1, 1), evicted("a"), neverReady)).toBe(0);
    expect(found(evictionsKeepBudgets, budget(1, 1), evicted("a"), stopped)).toBe(1);
  });

  test("says nothing of a budget that was changed: it may have allowed more", () => {
    expect(found(evictionsKeepBudgets, budget(0, 2), evicted("a"))).toBe(0);
  });
});

describe("pod-groups-are-whole", () => {
  test("finds a group of which a part is bound while the rest is there and waits", () => {
    expect(found(podGroupsAreWhole, member("a", "n1"), member("b"))).toBe(1);
    expect(found(podGroupsAreWhole, member("a", "n1"), member("b", "n1"), member("c"))).toBe(0);
    expect(found(podGroupsAreWhole, member("a"), member("b"))).toBe(0);
  });

  test("excuses a group that lost pods since it started", () => {
    expect(found(podGroupsAreWhole, member("a", "n1"))).toBe(0);
  });
});
