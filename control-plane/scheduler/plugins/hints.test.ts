import { describe, expect, test } from "vitest";
import type { Node, Pod, PodSpec } from "#api/schema/types";
import type {
  ClusterEvent,
  ClusterView,
  Plugin,
  PodToPlace,
} from "#control-plane/scheduler/framework";
import { interPodAffinity } from "#control-plane/scheduler/plugins/inter-pod-affinity";
import { nodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { nodePorts } from "#control-plane/scheduler/plugins/node-ports";
import { nodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { nodeUnschedulable } from "#control-plane/scheduler/plugins/node-unschedulable";
import { podTopologySpread } from "#control-plane/scheduler/plugins/pod-topology-spread";
import { taintToleration } from "#control-plane/scheduler/plugins/taint-toleration";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { viewOf } from "#test/support/scheduling";
import { node, pod } from "#test/support/workloads";

type Hint = (event: ClusterEvent, pod: PodToPlace, view: ClusterView) => boolean;

/** Whether the plugin that refused the pod says that this event can help it. */
function helps(
  plugin: Plugin,
  event: ClusterEvent,
  waiting: Pod,
  snapshot = new Snapshot(),
): boolean {
  const hint = plugin.retryOn[event.type] as unknown as Hint | undefined;
  return hint?.(event, toPlace(waiting), viewOf(snapshot)) ?? false;
}

const requesting = (cpu: string): Partial<PodSpec> => ({
  containers: [{ name: "main", resources: { requests: { cpu } } }],
});

function changed(previous: Node, current: Node): ClusterEvent {
  return { type: "nodeChanged", previous, node: current };
}

const gone = (one: Pod, nodeName = "n"): ClusterEvent => ({ type: "podGone", pod: one, nodeName });
const placed = (one: Pod): ClusterEvent => ({ type: "podPlaced", pod: one, nodeName: "n" });

describe("a pod is tried again", () => {
  test("when a node is uncordoned or loses its taint, and not for what stays as it was", () => {
    const cordoned = node("n", { unschedulable: true });
    const tainted = node("n", { taints: [{ key: "a", effect: "NoSchedule" }] });
    expect(helps(nodeUnschedulable, changed(cordoned, node("n")), pod("p"))).toBe(true);
    expect(helps(nodeUnschedulable, changed(node("n"), node("n")), pod("p"))).toBe(false);
    expect(helps(taintToleration, changed(tainted, node("n")), pod("p"))).toBe(true);
    expect(helps(taintToleration, changed(tainted, tainted), pod("p"))).toBe(false);
  });

  test("when a node gets the label it selects", () => {
    const waiting = pod("p", { spec: { nodeSelector: { disk: "ssd" } } });
    const bare = node("n");
    const fast = { ...bare, metadata: { ...bare.metadata, labels: { disk: "ssd" } } };
    expect(helps(nodeAffinity, changed(bare, fast), waiting)).toBe(true);
    expect(helps(nodeAffinity, { type: "nodeAdded", node: bare }, waiting)).toBe(false);
  });

  test("when a node can hold it, and never for one that is too small", () => {
    const waiting = pod("p", { spec: requesting("3") });
    expect(helps(nodeResourcesFit, { type: "nodeAdded", node: node("n") }, waiting)).toBe(true);
    expect(
      helps(nodeResourcesFit, { type: "nodeAdded", node: node("n", { cpu: "2" }) }, waiting),
    ).toBe(false);
    expect(helps(nodeResourcesFit, changed(node("n", { cpu: "3" }), node("n")), waiting)).toBe(
      true,
    );
    expect(helps(nodeResourcesFit, changed(node("n"), node("n")), waiting)).toBe(false);
  });

  test("when enough has ended on one node, what is kept there for others not counted", () => {
    const snapshot = new Snapshot();
    snapshot.setNode(node("n"));
    snapshot.setPod(pod("a", { node: "n", spec: requesting("2") }));
    const waiting = pod("p", { spec: requesting("3") });
    const ended = gone(pod("b"));
    expect(helps(nodeResourcesFit, ended, waiting, snapshot)).toBe(false);
    snapshot.removePod("default/a");
    expect(helps(nodeResourcesFit, ended, waiting, snapshot)).toBe(true);
    snapshot.nominate(pod("other", { spec: requesting("2") }), "n");
    expect(helps(nodeResourcesFit, ended, waiting, snapshot)).toBe(false);
  });

  test("when its host port is free again", () => {
    const withPort = (hostPort: number): Partial<PodSpec> => ({
      containers: [{ name: "main", ports: [{ containerPort: 80, hostPort }] }],
    });
    const waiting = pod("p", { spec: withPort(80) });
    expect(helps(nodePorts, gone(pod("a", { spec: withPort(80) })), waiting)).toBe(true);
    expect(helps(nodePorts, gone(pod("a", { spec: withPort(81) })), waiting)).toBe(false);
  });

  test("when a pod it wants to be near comes, or one that it refuses goes", () => {
    const term = { topologyKey: "zone", labelSelector: { matchLabels: { app: "db" } } };
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
    const near = pod("p", { spec: { affinity: { podAffinity: required } } });
    const away = pod("p", { spec: { affinity: { podAntiAffinity: required } } });
    const db = pod("db", { labels: { app: "db" } });
    expect(helps(interPodAffinity, placed(db), near)).toBe(true);
    expect(helps(interPodAffinity, placed(pod("web")), near)).toBe(false);
    expect(helps(interPodAffinity, gone(db), away)).toBe(true);
    expect(helps(interPodAffinity, gone(pod("web")), away)).toBe(false);
  });

  test("when pods that its spreading counts come or go", () => {
    const topologySpreadConstraints = [
      {
        topologyKey: "zone",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ];
    const waiting = pod("p", { spec: { topologySpreadConstraints } });
    expect(helps(podTopologySpread, placed(pod("web")), waiting)).toBe(true);
    expect(helps(podTopologySpread, gone(pod("db", { labels: { app: "db" } })), waiting)).toBe(
      false,
    );
  });
});
