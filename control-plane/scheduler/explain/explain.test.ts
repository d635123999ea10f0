import { describe, expect, test } from "vitest";
import type { Node, PodSpec } from "#api/schema/types";
import { adviceOf, explain } from "#control-plane/scheduler/explain/explain";
import type { ClusterView, PodToPlace } from "#control-plane/scheduler/framework";
import { placedPod } from "#control-plane/scheduler/pod-shape";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { node, pod, type PodOptions } from "#test/support/workloads";

const asking = (cpu: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: "main", resources: { requests: { cpu } } }],
  ...more,
});

function explained(
  spec: Partial<PodSpec>,
  nodes: readonly Node[],
  placed: readonly (PodOptions & { name: string })[] = [],
) {
  const snapshot = new Snapshot();
  for (const one of nodes) snapshot.setNode(one);
  for (const { name, ...options } of placed) snapshot.setPod(pod(name, options));
  const candidate = placedPod(pod("candidate", { spec }));
  const place: PodToPlace = { ...candidate, signature: "", profile: "default-scheduler" };
  const found = explain(place, plugins, viewOf(snapshot));
  return { ...found, advice: adviceOf(found) };
}

function viewOf(snapshot: Snapshot): ClusterView {
  const states = new Map<string, unknown>();
  return {
    snapshot,
    nowMs: () => 0,
    lister: () => ({ get: () => undefined, list: () => [], inNamespace: () => [] }),
    version: () => 0,
    own<T>(name: string, create: () => T): T {
      if (!states.has(name)) states.set(name, create());
      return states.get(name) as T;
    },
    waiting: { list: () => [], allow: () => undefined, reject: () => undefined },
    queued: () => [],
    resort: () => undefined,
    nextChange: () => Promise.resolve(),
    // Explaining decides and writes nothing.
    client: undefined as never,
  };
}

describe("the smallest change that would make a pod fit", () => {
  test("is asking for less on the node that lacks least, or a node without a pod of lower priority", () => {
    const nodes = [node("a", { cpu: "2" }), node("b", { cpu: "2" })];
    const found = explained(asking("1300m", { priority: 5 }), nodes, [
      { name: "batch-7", node: "a", spec: asking("1") },
      { name: "batch-8", node: "b", spec: asking("1500m") },
    ]);
    expect(found.reasons).toEqual([{ reason: "Insufficient cpu", nodes: 2 }]);
    expect(found.advice).toBe(
      "It would fit if it needed 300m cpu less (a), or if a were without pod default/batch-7 of lower priority.",
    );
  });

  test("never names a pod of higher priority, nor one that would not be enough", () => {
    const found = explained(
      asking("1500m"),
      [node("a", { cpu: "2" })],
      [
        { name: "vital", node: "a", spec: asking("1", { priority: 100 }) },
        { name: "tiny", node: "a", spec: asking("100m") },
      ],
    );
    expect(found.advice).toBe("It would fit if it needed 600m cpu less (a).");
  });

  test("counts the nodes that one toleration would open", () => {
    const taints = [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }];
    const nodes = ["a", "b", "c"].map((name) => node(name, { taints }));
    const found = explained(asking("1"), nodes);
    expect(found.reasons).toEqual([
      { reason: "node(s) had untolerated taint {dedicated: gpu}", nodes: 3 },
    ]);
    expect(found.advice).toBe(
      "It would fit if it tolerated the taint dedicated=gpu:NoSchedule (3 nodes).",
    );
  });

  test("is the label that a node lacks for the pod's node selector", () => {
    const found = explained(asking("1", { nodeSelector: { disktype: "ssd" } }), [node("a")]);
    expect(found.advice).toBe("It would fit if a had the label disktype=ssd.");
  });

  test("is the node that holds the host port", () => {
    const ports = [{ containerPort: 80, hostPort: 8080, protocol: "TCP" }];
    const spec = { containers: [{ name: "main", ports }] };
    const found = explained(spec, [node("a")], [{ name: "other", node: "a", spec }]);
    expect(found.advice).toBe(
      "It would fit if a were without pod default/other, which has the host port.",
    );
  });

  test("takes all that a node objects to together, and counts each reason", () => {
    const nodes = [node("a", { unschedulable: true, taints: [{ key: "x", effect: "NoExecute" }] })];
    const found = explained(asking("1"), nodes);
    expect(found.reasons).toHaveLength(2);
    expect(found.advice).toBe(
      "It would fit if a were uncordoned and it tolerated the taint x:NoExecute (a).",
    );
  });

  test("is nothing where no single change helps", () => {
    const spread = {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
    };
    const found = explained(asking("1", spread), [node("a")]);
    expect(found.reasons).toHaveLength(1);
    expect(found.advice).toBeUndefined();
  });
});
