import { describe, expect, test } from "vitest";
import type { ContainerStatus, Event, Node, Pod, PodStatus } from "#api/schema/types";
import { whyPod } from "#api/why/pod";

const at = "2026-01-01T12:00:00Z";

function pod(status: PodStatus, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", uid: "u1" },
    spec: { containers: [{ name: "main", image: "web:1" }], ...spec },
    status,
  };
}

function event(reason: string, message: string, fields: Partial<Event> = {}): Event {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: reason, namespace: "shop" },
    involvedObject: { kind: "Pod", name: "web", uid: "u1" },
    type: "Warning",
    lastTimestamp: at,
    reason,
    message,
    ...fields,
  };
}

function container(fields: Partial<ContainerStatus>): ContainerStatus {
  return { name: "main", image: "web:1", imageID: "", ready: false, restartCount: 0, ...fields };
}

function node(isReady: boolean): Node {
  const status = isReady ? "True" : "Unknown";
  const condition = {
    type: "Ready",
    status,
    reason: "NodeStatusUnknown",
    message: "stopped posting",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    spec: {},
    status: { conditions: [condition] },
  };
}

const unschedulable = {
  conditions: [
    {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message:
        "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
    },
  ],
};

describe("a pending pod", () => {
  test("is told reason by reason, with the newest advice", () => {
    const events = [
      event("SchedulingAdvice", "It would fit if it needed 2 cpu less (n1).", {
        lastTimestamp: "2026-01-01T11:00:00Z",
      }),
      event("SchedulingAdvice", "It would fit if it needed 300m cpu less (n1).", {
        type: "Normal",
      }),
    ];
    expect(whyPod({ pod: pod(unschedulable), events })).toEqual([
      "pod shop/web is pending: it has no node yet",
      "  1 of 3 nodes: node(s) had untolerated taint {a: b}",
      "  2 of 3 nodes: Insufficient cpu",
      "  making room by preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod",
      "  It would fit if it needed 300m cpu less (n1).",
    ]);
  });

  test("names its gates, and the scheduler that says nothing", () => {
    const gated = pod({}, { schedulingGates: [{ name: "example.com/quota" }] });
    expect(whyPod({ pod: gated, events: [] })[1]).toContain("scheduling gate example.com/quota");
    const member = pod({});
    const annotations = { "kaji.dev/pod-group-min-available": "3" };
    member.metadata = {
      ...member.metadata,
      labels: { "kaji.dev/pod-group": "train" },
      annotations,
    };
    expect(whyPod({ pod: member, events: [] })[1]).toContain("none is placed before 3");
    const foreign = pod({}, { schedulerName: "mine" });
    expect(whyPod({ pod: foreign, events: [] })[1]).toContain("no word from its scheduler mine");
  });
});

describe("a pod on a node", () => {
  const waiting = (reason: string, message: string): Pod =>
    pod(
      {
        phase: "Pending",
        containerStatuses: [container({ state: { waiting: { reason, message } } })],
      },
      { nodeName: "n1" },
    );

  test("says that its image cannot be had, and why", () => {
    const story = { pod: waiting("ImagePullBackOff", "not found"), events: [], node: node(true) };
    expect(whyPod(story)).toEqual([
      "pod shop/web is on node n1 and has not started yet",
      "  container main has no image; the pull is tried again after a while: not found",
    ]);
  });

  test("says how it crashed the last time", () => {
    const status = container({
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } },
      lastState: { terminated: { exitCode: 3, finishedAt: at, reason: "Error" } },
    });
    const crashing = pod({ phase: "Running", containerStatuses: [status] }, { nodeName: "n1" });
    expect(whyPod({ pod: crashing, events: [], node: node(true) })).toEqual([
      "pod shop/web runs and is not ready",
      `  container main keeps ending; it is started again after a while: it exited with 3 at ${at}`,
      "  it was started again 4 times; its last words: kaji logs -p -c main -n shop web",
    ]);
  });

  test("says that memory ran out, also when it runs again", () => {
    const status = container({
      ready: true,
      restartCount: 1,
      state: { running: { startedAt: at } },
      lastState: { terminated: { exitCode: 137, finishedAt: at, reason: "OOMKilled" } },
    });
    const conditions = [{ type: "Ready", status: "True" }];
    const running = pod(
      { phase: "Running", conditions, containerStatuses: [status] },
      { nodeName: "n1" },
    );
    expect(whyPod({ pod: running, events: [], node: node(true) })).toEqual([
      "pod shop/web runs and is ready; before that",
      `  container main was started again once, the last time after: it needed more memory than its limit and was killed at ${at}`,
    ]);
  });

  test("quotes the probe that fails, and the readiness gate that nobody has met", () => {
    const status = container({ state: { running: { startedAt: at } }, started: true });
    const unready = pod(
      { phase: "Running", containerStatuses: [status] },
      { nodeName: "n1", readinessGates: [{ conditionType: "example.com/lb" }] },
    );
    const events = [
      event("Unhealthy", "Readiness probe failed: 503", {
        involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.containers{main}" },
      }),
    ];
    expect(whyPod({ pod: unready, events, node: node(true) })).toEqual([
      "pod shop/web runs and is not ready",
      "  container main runs and is not ready: Readiness probe failed: 503",
      "  the readiness gate example.com/lb is not met: nobody has set the condition",
    ]);
  });

  test("whose node is silent says so first", () => {
    const ready = pod(
      { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      { nodeName: "n1" },
    );
    expect(whyPod({ pod: ready, events: [], node: node(false) })[1]).toBe(
      "  its node n1 is not ready: NodeStatusUnknown: stopped posting",
    );
  });

  test("that waits for a volume is told by its events", () => {
    const creating = pod({ phase: "Pending" }, { nodeName: "n1" });
    const events = [event("FailedMount", 'secret "x" not found')];
    expect(whyPod({ pod: creating, events, node: node(true) })).toContain(
      '  FailedMount: secret "x" not found',
    );
  });
});

test("a pod that ended or is going says how", () => {
  expect(whyPod({ pod: pod({ phase: "Succeeded" }), events: [] })).toEqual([
    "pod shop/web has completed",
  ]);
  const evicted = pod({ phase: "Failed", reason: "Evicted", message: "low on memory" });
  expect(whyPod({ pod: evicted, events: [] })).toEqual([
    "pod shop/web has failed: Evicted: low on memory",
  ]);
  const going = pod({ phase: "Running" }, { nodeName: "n1" });
  going.metadata = { ...going.metadata, deletionTimestamp: at, finalizers: ["example.com/hold"] };
  expect(whyPod({ pod: going, events: [], node: node(true) })).toEqual([
    `pod shop/web is being deleted: its containers have 30 s to end, until ${at}`,
    "  the finalizer example.com/hold holds it: whoever put it there must take it away",
  ]);
});
