import { describe, expect, test } from "vitest";
import type { Node } from "#api/schema/types";
import {
  type NodeLifecycleInput,
  planNodeLifecycle,
} from "#control-plane/controllers/node-lifecycle/plan";
import { DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { T0, node, pod } from "#test/support/workloads";

const NOW = T0 + 3_600_000;
const GRACE_MS = DEFAULT_SETTINGS.nodeMonitorGraceMs;
const UNREACHABLE = { key: "node.kubernetes.io/unreachable" };

interface Heard {
  readonly silentMs?: number;
  readonly peers?: readonly Node[];
  readonly pods?: NodeLifecycleInput["pods"];
}

/** One ready peer, heard just now, unless said otherwise. */
function plan(one: Node, { silentMs = 0, peers = [node("peer")], pods = [] }: Heard = {}) {
  const neighbourhood = {
    nodes: [one, ...peers],
    heardMs: (other: Node) => (other === one ? NOW - silentMs : NOW),
    settings: DEFAULT_SETTINGS,
  };
  return planNodeLifecycle({ node: one, pods, neighbourhood }, NOW);
}

function withConditions(...pairs: [type: string, status: string][]): Node {
  const one = node("n");
  one.status = { conditions: pairs.map(([type, status]) => ({ type, status })) };
  return one;
}

const lost = { silentMs: GRACE_MS + 1 };
const taintsOf = (actions: ReturnType<typeof plan>) =>
  actions.flatMap((action) =>
    action.type === "patch" && action.subresource === undefined
      ? ((action.body as Node).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)
      : [],
  );

describe("a node that is heard", () => {
  test("is looked at again when its grace has run out", () => {
    expect(plan(node("n"), { silentMs: 10_000 })).toEqual([
      { type: "requeue", afterMs: GRACE_MS - 10_000 + 1 },
    ]);
  });

  test("has longer before its first word", () => {
    const [action] = plan(withConditions(), { silentMs: 50_000 });
    expect(action).toEqual({ type: "requeue", afterMs: 10_001 });
  });

  test("loses the taints of a lost one at once, and keeps those of others", () => {
    const mine = { key: "dedicated", value: "gpu", effect: "NoExecute" };
    const taints = ["NoSchedule", "NoExecute"].map((effect) => ({ ...UNREACHABLE, effect }));
    const [patch] = plan(node("n", { taints: [mine, ...taints] }));
    expect(patch).toMatchObject({ type: "patch", body: { spec: { taints: [mine] } } });
  });

  test("but is not ready is tainted as such", () => {
    expect(taintsOf(plan(withConditions(["Ready", "False"])))).toEqual([
      "node.kubernetes.io/not-ready:NoSchedule",
      "node.kubernetes.io/not-ready:NoExecute",
    ]);
  });

  test.each([
    ["MemoryPressure", "memory-pressure"],
    ["DiskPressure", "disk-pressure"],
    ["PIDPressure", "pid-pressure"],
    ["NetworkUnavailable", "network-unavailable"],
  ])("and under %s gets no new pods, and keeps those it has", (type, taint) => {
    const actions = plan(withConditions(["Ready", "True"], [type, "True"]));
    expect(taintsOf(actions)).toEqual([`node.kubernetes.io/${taint}:NoSchedule`]);
  });

  test("that is cordoned is tainted as unschedulable", () => {
    expect(taintsOf(plan(node("n", { unschedulable: true })))).toEqual([
      "node.kubernetes.io/unschedulable:NoSchedule",
    ]);
  });
});

describe("a node that is silent for longer than its grace", () => {
  test("is tainted, becomes Unknown, and its pods are not ready", () => {
    const actions = plan(node("n"), {
      ...lost,
      pods: [pod("a", { isReady: true, node: "n" }), pod("b", { node: "n" })],
    });
    expect(taintsOf(actions)).toEqual([
      "node.kubernetes.io/unreachable:NoSchedule",
      "node.kubernetes.io/unreachable:NoExecute",
    ]);
    const [, status, event, ready, warning, ...rest] = actions;
    expect(status).toMatchObject({
      subresource: "status",
      body: {
        status: {
          conditions: [
            { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" },
            { type: "MemoryPressure", status: "Unknown", reason: "NodeStatusNeverUpdated" },
            { type: "DiskPressure" },
            { type: "PIDPressure" },
          ],
        },
      },
    });
    expect(event).toMatchObject({ event: { reason: "NodeNotReady" } });
    expect(ready).toMatchObject({
      target: { name: "a" },
      body: { status: { conditions: [{ type: "Ready", status: "False" }] } },
    });
    expect(warning).toMatchObject({ event: { type: "Warning", message: "Node is not ready" } });
    expect(rest).toEqual([]);
  });

  test("keeps its pods when no other node is known to live", () => {
    const dead = withConditions(["Ready", "Unknown"]);
    const actions = plan(node("n"), { ...lost, peers: [dead] });
    expect(taintsOf(actions)).toEqual(["node.kubernetes.io/unreachable:NoSchedule"]);
  });

  test("is not given up any more when the last other node is lost too", () => {
    const timeAdded = new Date(NOW - 1_000).toISOString();
    const one = withConditions(["Ready", "Unknown"]);
    one.spec.taints = [
      { ...UNREACHABLE, effect: "NoSchedule" },
      { ...UNREACHABLE, effect: "NoExecute", timeAdded },
    ];
    const actions = plan(one, { ...lost, peers: [withConditions(["Ready", "Unknown"])] });
    expect(taintsOf(actions)).toEqual(["node.kubernetes.io/unreachable:NoSchedule"]);
  });

  test("is told of once: what has been said adds nothing", () => {
    const one = withConditions(
      ["Ready", "Unknown"],
      ["MemoryPressure", "Unknown"],
      ["DiskPressure", "Unknown"],
      ["PIDPressure", "Unknown"],
    );
    one.spec.taints = ["NoSchedule", "NoExecute"].map((effect) => ({ ...UNREACHABLE, effect }));
    expect(plan(one, lost)).toEqual([]);
  });
});
