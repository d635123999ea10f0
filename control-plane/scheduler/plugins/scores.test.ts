import { describe, expect, test } from "vitest";
import { serviceKind } from "#api/kinds/service";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Node, Pod, PodSpec } from "#api/schema/types";
import type { Plugin } from "#control-plane/scheduler/framework";
import { imageLocality } from "#control-plane/scheduler/plugins/image-locality";
import { nodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { nodeResourcesBalancedAllocation } from "#control-plane/scheduler/plugins/node-resources-balanced-allocation";
import { nodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { podTopologySpread } from "#control-plane/scheduler/plugins/pod-topology-spread";
import {
  mostAllocated,
  requestedToCapacityRatio,
} from "#control-plane/scheduler/plugins/scoring-strategy";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { viewOf } from "#test/support/scheduling";
import { node, pod, service } from "#test/support/workloads";

type Objects = readonly (readonly [Kind, readonly KubeObject[]])[];

/** What a plugin gives each node for this pod, by node name, normalized. */
function scores(
  plugin: Plugin,
  candidate: Pod,
  cluster: {
    readonly nodes: readonly Node[];
    readonly pods?: readonly Pod[];
    readonly objects?: Objects;
  },
): Record<string, number> | undefined {
  const snapshot = new Snapshot();
  for (const one of cluster.nodes) snapshot.setNode(one);
  for (const one of cluster.pods ?? []) snapshot.setPod(one);
  const view = viewOf(snapshot, cluster.objects);
  const place = toPlace(candidate);
  const prepared = plugin.prepare ? plugin.prepare(place, view) : null;
  const { nodes } = snapshot;
  const value = plugin.prepareScore ? plugin.prepareScore(prepared, place, nodes, view) : prepared;
  if (value === undefined) return undefined;
  const found = Float64Array.from(nodes, (one) => plugin.score?.(value, place, one) ?? 0);
  plugin.normalize?.(found, value, nodes);
  return Object.fromEntries(nodes.map(({ name }, i) => [name, found[i] ?? 0]));
}

function labelled(name: string, labels: Record<string, string>): Node {
  const one = node(name);
  return { ...one, metadata: { ...one.metadata, labels } };
}

const inZone = (name: string, zone: string): Node =>
  labelled(name, { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone });

const requesting = (requests: Record<string, string>): Partial<PodSpec> => ({
  containers: [{ name: "main", resources: { requests } }],
});

describe("NodeResourcesFit", () => {
  const candidate = pod("p", { spec: requesting({ cpu: "1", memory: "2Gi" }) });

  test("scores the share of cpu and memory that stays free", () => {
    expect(scores(nodeResourcesFit, candidate, { nodes: [node("n")] })).toEqual({ n: 75 });
  });

  test("takes a pod without requests to use something", () => {
    const pods = [pod("there", { node: "n", spec: requesting({}) })];
    const nodes = [node("n"), node("m")];
    const found = scores(nodeResourcesFit, pod("p"), { nodes, pods });
    expect(found?.["n"]).toBeLessThan(found?.["m"] ?? 0);
  });

  test("scores the share in use when packing", () => {
    const snapshot = new Snapshot();
    snapshot.setNode(node("n"));
    const [state] = snapshot.nodes;
    if (!state) throw new Error("the node is not in the snapshot");
    expect(mostAllocated(toPlace(candidate), state)).toBe(25);
    const shape = [
      { utilization: 0, score: 10 },
      { utilization: 100, score: 0 },
    ];
    expect(requestedToCapacityRatio(shape)(toPlace(candidate), state)).toBe(70);
  });
});

test("NodeResourcesBalancedAllocation prefers equal shares of cpu and memory, and leaves pods without requests alone", () => {
  const nodes = [node("n")];
  const even = pod("p", { spec: requesting({ cpu: "2", memory: "4Gi" }) });
  const uneven = pod("p", { spec: requesting({ cpu: "4", memory: "0" }) });
  expect(scores(nodeResourcesBalancedAllocation, even, { nodes })).toEqual({ n: 100 });
  expect(scores(nodeResourcesBalancedAllocation, uneven, { nodes })).toEqual({ n: 50 });
  expect(scores(nodeResourcesBalancedAllocation, pod("p"), { nodes })).toBeUndefined();
});

test("ImageLocality prefers a node that has the image, the more the larger it is", () => {
  const has = (name: string, sizeBytes: number): Node => {
    const one = node(name);
    return { ...one, status: { ...one.status, images: [{ names: ["v1:latest"], sizeBytes }] } };
  };
  const nodes = [has("large", 800 * 1024 * 1024), has("small", 100 * 1024 * 1024), node("none")];
  const found = scores(imageLocality, pod("p"), { nodes }) ?? {};
  expect(found["large"]).toBeGreaterThan(found["small"] ?? 0);
  expect(found["small"]).toBeGreaterThan(found["none"] ?? 0);
  expect(found["none"]).toBe(0);
  expect(scores(imageLocality, pod("p"), { nodes: [node("none")] })).toBeUndefined();
});

test("NodeAffinity sums the weights of the preferences that a node meets", () => {
  const prefer = (weight: number, value: string) => ({
    weight,
    preference: { matchExpressions: [{ key: "disk", operator: "In", values: [value] }] },
  });
  const affinity = {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [prefer(80, "ssd"), prefer(20, "hdd")],
    },
  };
  const nodes = [labelled("a", { disk: "ssd" }), labelled("b", { disk: "hdd" }), node("c")];
  const found = scores(nodeAffinity, pod("p", { spec: { affinity } }), { nodes });
  expect(found).toEqual({ a: 100, b: 25, c: 0 });
});

describe("PodTopologySpread", () => {
  const nodes = [inZone("a", "z1"), inZone("b", "z1"), inZone("c", "z2")];
  const pods = [pod("1", { node: "a" }), pod("2", { node: "a" })];

  test("prefers domains with fewer of the pods that a soft constraint counts", () => {
    const topologySpreadConstraints = [
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ];
    const candidate = pod("p", { spec: { topologySpreadConstraints } });
    expect(scores(podTopologySpread, candidate, { nodes, pods })).toEqual({ a: 0, b: 0, c: 100 });
  });

  test("keeps pods of a Service apart without being asked", () => {
    const objects: Objects = [[serviceKind as unknown as Kind, [service("web", [])]]];
    const found = scores(podTopologySpread, pod("p"), { nodes, pods, objects }) ?? {};
    expect(found["c"]).toBeGreaterThan(found["b"] ?? 0);
    expect(found["b"]).toBeGreaterThan(found["a"] ?? 0);
    expect(scores(podTopologySpread, pod("p"), { nodes, pods })).toBeUndefined();
  });
});
