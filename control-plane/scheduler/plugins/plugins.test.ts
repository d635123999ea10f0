import { describe, expect, test } from "vitest";
import type { Node, Pod, PodSpec, Toleration } from "#api/schema/types";
import { isRefusal, type Plugin } from "#control-plane/scheduler/framework";
import { nodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { nodeName } from "#control-plane/scheduler/plugins/node-name";
import { nodePorts } from "#control-plane/scheduler/plugins/node-ports";
import { nodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { nodeUnschedulable } from "#control-plane/scheduler/plugins/node-unschedulable";
import { taintToleration } from "#control-plane/scheduler/plugins/taint-toleration";
import type { NodeState } from "#control-plane/scheduler/node-state";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { viewOf } from "#test/support/scheduling";
import { node, pod } from "#test/support/workloads";

function stateOf(one: Node, pods: readonly Pod[] = []): NodeState {
  const snapshot = new Snapshot();
  snapshot.setNode(one);
  for (const each of pods) snapshot.setPod(each);
  const state = snapshot.get(one.metadata.name);
  if (!state) throw new Error("the node is not in the snapshot");
  return state;
}

/** What the plugin says of a pod with this spec on this node; undefined: it may run there. */
function refusal(plugin: Plugin, spec: Partial<PodSpec>, one: Node, pods: readonly Pod[] = []) {
  const candidate = toPlace(pod("p", { spec }));
  const prepared = plugin.prepare?.(candidate, viewOf(new Snapshot()));
  if (plugin.prepare && prepared === undefined) return undefined;
  if (isRefusal(prepared)) return prepared.reasons.join(", ");
  return plugin.filter?.(prepared, candidate, stateOf(one, pods))?.reasons.join(", ");
}

function requesting(requests: Record<string, string>): Partial<PodSpec> {
  return { containers: [{ name: "main", resources: { requests } }] };
}

function withHostPort(hostPort: number, hostIP?: string): Partial<PodSpec> {
  const port = { containerPort: 80, hostPort, ...(hostIP ? { hostIP } : {}) };
  return { containers: [{ name: "main", ports: [port] }] };
}

describe("NodeUnschedulable", () => {
  const key = "node.kubernetes.io/unschedulable";
  test.each([
    ["takes any pod on an open node", {}, node("n"), undefined],
    [
      "refuses a cordoned node",
      {},
      node("n", { unschedulable: true }),
      "node(s) were unschedulable",
    ],
    [
      "lets a pod that tolerates it on a cordoned node",
      { tolerations: [{ key, operator: "Exists" }] },
      node("n", { unschedulable: true }),
      undefined,
    ],
  ])("%s", (_, spec, one, expected) => {
    expect(refusal(nodeUnschedulable, spec, one)).toEqual(expected);
  });
});

test("NodeName leaves a pod without a wish alone", () => {
  expect(nodeName.prepare?.(toPlace(pod("p")), viewOf(new Snapshot()))).toBeUndefined();
  expect(refusal(nodeName, { nodeName: "a" }, node("a"))).toBeUndefined();
  expect(refusal(nodeName, { nodeName: "a" }, node("b"))).toBe(
    "node(s) didn't match the requested node name",
  );
});

describe("TaintToleration", () => {
  const taint = { key: "a", value: "b", effect: "NoSchedule" };
  const message = "node(s) had untolerated taint {a: b}";
  test.each<[string, Toleration[], string | undefined]>([
    ["refuses a taint that is not tolerated", [], message],
    ["takes Equal with the same value", [{ key: "a", value: "b" }], undefined],
    ["refuses Equal with another value", [{ key: "a", value: "c" }], message],
    ["takes Exists", [{ key: "a", operator: "Exists" }], undefined],
    [
      "refuses a toleration of another effect",
      [{ key: "a", operator: "Exists", effect: "NoExecute" }],
      message,
    ],
    ["takes a toleration of everything", [{ operator: "Exists" }], undefined],
  ])("%s", (_, tolerations, expected) => {
    expect(refusal(taintToleration, { tolerations }, node("n", { taints: [taint] }))).toBe(
      expected,
    );
  });

  test("does not refuse a soft taint, and prefers nodes without one", () => {
    const soft = node("n", { taints: [{ ...taint, effect: "PreferNoSchedule" }] });
    expect(refusal(taintToleration, {}, soft)).toBeUndefined();
    const scores = Float64Array.from(
      [soft, node("m")].map(
        (one) => taintToleration.score?.([], toPlace(pod("p")), stateOf(one)) ?? 0,
      ),
    );
    taintToleration.normalize?.(scores, [], []);
    expect([...scores]).toEqual([0, 100]);
  });
});

describe("NodeAffinity", () => {
  const message = "node(s) didn't match Pod's node affinity/selector";
  const labelled = { ...node("n"), metadata: { name: "n", labels: { disk: "ssd", zone: "a" } } };
  const required = (...expressions: { key: string; operator: string; values?: string[] }[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: expressions.map((one) => ({ matchExpressions: [one] })),
        },
      },
    },
  });
  test.each<[string, Partial<PodSpec>, string | undefined]>([
    [
      "takes a node with all labels of the nodeSelector",
      { nodeSelector: { disk: "ssd", zone: "a" } },
      undefined,
    ],
    ["refuses a node that lacks one", { nodeSelector: { disk: "ssd", zone: "b" } }, message],
    [
      "takes a node that matches one of the terms",
      required({ key: "x", operator: "Exists" }, { key: "disk", operator: "In", values: ["ssd"] }),
      undefined,
    ],
    [
      "refuses a node that matches none",
      required({ key: "disk", operator: "NotIn", values: ["ssd"] }),
      message,
    ],
    ["takes no node when there is no term", required(), message],
  ])("%s", (_, spec, expected) => {
    expect(refusal(nodeAffinity, spec, labelled)).toBe(expected);
  });
});

describe("NodePorts", () => {
  const message = "node(s) didn't have free ports for the requested pod ports";
  test.each([
    ["takes a free port", withHostPort(80), withHostPort(81), undefined],
    ["refuses a port in use", withHostPort(80), withHostPort(80), message],
    [
      "takes the same port on another address",
      withHostPort(80, "10.0.0.1"),
      withHostPort(80, "10.0.0.2"),
      undefined,
    ],
    [
      "refuses a port in use on every address",
      withHostPort(80),
      withHostPort(80, "10.0.0.2"),
      message,
    ],
  ])("%s", (_, taken, wanted, expected) => {
    const there = pod("there", { node: "n", spec: taken });
    expect(refusal(nodePorts, wanted, node("n"), [there])).toBe(expected);
  });
});

describe("NodeResourcesFit", () => {
  const used = [pod("there", { node: "n", spec: requesting({ cpu: "3" }) })];
  test.each<[string, Record<string, string>, string | undefined]>([
    ["takes what just fits", { cpu: "1", memory: "8Gi" }, undefined],
    ["refuses what lacks cpu", { cpu: "1001m" }, "Insufficient cpu"],
    [
      "names all that is lacking",
      { cpu: "2", memory: "9Gi", "example.com/gpu": "1" },
      "Insufficient cpu, Insufficient memory, Insufficient example.com/gpu",
    ],
    ["takes a pod without requests", {}, undefined],
  ])("%s", (_, requests, expected) => {
    expect(refusal(nodeResourcesFit, requesting(requests), node("n"), used)).toEqual(expected);
  });

  test("refuses one pod too many", () => {
    const full = Array.from({ length: 10 }, (_, i) => pod(`p${i}`, { node: "n" }));
    expect(refusal(nodeResourcesFit, {}, node("n"), full)).toBe("Too many pods");
  });
});

test("NodeResourcesFit prefers the emptier node", () => {
  const busy = stateOf(node("n"), [pod("there", { node: "n", spec: requesting({ cpu: "2" }) })]);
  const score = (state: NodeState) =>
    nodeResourcesFit.score?.(undefined, toPlace(pod("p")), state) ?? 0;
  expect(score(stateOf(node("m")))).toBeGreaterThan(score(busy));
});
