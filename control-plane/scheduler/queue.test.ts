import { beforeEach, describe, expect, test } from "vitest";
import type { ClusterEvent, PodToPlace } from "#control-plane/scheduler/framework";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { SchedulingQueue } from "#control-plane/scheduler/queue";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { ManualClock } from "#test/support/manual-clock";
import { viewOf } from "#test/support/scheduling";
import { node, pod } from "#test/support/workloads";

const taint = { key: "a", effect: "NoSchedule" };
const roomMade: ClusterEvent = { type: "podGone", pod: pod("gone"), nodeName: "n" };
const untainted: ClusterEvent = {
  type: "nodeChanged",
  previous: node("n", { taints: [taint] }),
  node: node("n"),
};

let clock: ManualClock;
let queue: SchedulingQueue;
let wakes: number;
let snapshot: Snapshot;

function place(name: string, priority = 0): PodToPlace {
  return toPlace(pod(name, { spec: { priority } }));
}

function active(): string[] {
  const names: string[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) names.push(next.pod.metadata.name);
  return names;
}

beforeEach(() => {
  clock = new ManualClock();
  wakes = 0;
  snapshot = new Snapshot();
  snapshot.setNode(node("n"));
  queue = new SchedulingQueue({
    ...{ clock, plugins, view: viewOf(snapshot) },
    onActive: () => wakes++,
  });
});

test("pods are tried by priority, then by age", () => {
  queue.add(place("old"));
  clock.advance(1);
  queue.add(place("young"));
  queue.add(place("urgent", 100));
  expect(active()).toEqual(["urgent", "old", "young"]);
  expect(wakes).toBe(3);
});

describe("a pod that was refused", () => {
  beforeEach(() => {
    queue.add(place("p"));
    active();
    queue.refused("default/p", new Set(["NodeResourcesFit"]));
  });

  test("is set aside, and not tried while nothing happens", () => {
    clock.advance(60_000);
    expect(active()).toEqual([]);
  });

  test("is tried after a backoff when room was made", () => {
    queue.notify(roomMade);
    expect(active()).toEqual([]);
    clock.advance(1_000);
    expect(active()).toEqual(["p"]);
  });

  test("waits twice as long each time, and never more than ten seconds", () => {
    const waits: number[] = [];
    for (let round = 0; round < 6; round++) {
      queue.notify(roomMade);
      const startMs = clock.now();
      while (active().length === 0) clock.advance(1_000);
      waits.push((clock.now() - startMs) / 1000);
      queue.refused("default/p", new Set(["NodeResourcesFit"]));
    }
    expect(waits).toEqual([1, 2, 4, 8, 10, 10]);
  });

  test("is tried after five minutes even when no event came", () => {
    clock.advance(5 * 60_000);
    expect(active()).toEqual(["p"]);
  });

  test("is tried at once when it was changed", () => {
    queue.add(place("p"));
    expect(active()).toEqual(["p"]);
  });
});

test("an event that cannot help does not wake a pod", () => {
  queue.add(place("p"));
  active();
  queue.refused("default/p", new Set(["TaintToleration"]));
  queue.notify(roomMade);
  clock.advance(60_000);
  expect(active()).toEqual([]);
  queue.notify(untainted);
  clock.advance(1_000);
  expect(active()).toEqual(["p"]);
});

test("help that comes while a pod is being tried is not lost", () => {
  queue.add(place("p"));
  active();
  queue.notify(roomMade);
  queue.refused("default/p", new Set(["NodeResourcesFit"]));
  clock.advance(1_000);
  expect(active()).toEqual(["p"]);
});

describe("a pod for which a node is kept", () => {
  beforeEach(() => {
    snapshot.setNode(node("m"));
    queue.add(place("p"));
    active();
    snapshot.nominate(pod("p"), "n");
    queue.refused("default/p", new Set(["NodeResourcesFit"]));
  });

  test("hears of room on that node alone, and does not back off", () => {
    queue.notify({ type: "podGone", pod: pod("gone"), nodeName: "m" });
    clock.advance(60_000);
    expect(active()).toEqual([]);
    queue.notify(roomMade);
    expect(active()).toEqual(["p"]);
  });

  test("is tried again when another takes the node over", () => {
    snapshot.withdrawNomination("default/p");
    queue.wakeByKey("default/p");
    clock.advance(1_000);
    expect(active()).toEqual(["p"]);
  });
});

test("a gated pod waits, and comes as a changed one", () => {
  const gated = pod("p", { spec: { schedulingGates: [{ name: "example.com/wait" }] } });
  queue.add(toPlace(gated));
  clock.advance(10 * 60_000);
  expect(active()).toEqual([]);
  queue.add(place("p"));
  expect(active()).toEqual(["p"]);
});

test("a closed queue wakes nobody", () => {
  queue.add(place("p"));
  active();
  queue.refused("default/p", new Set(["NodeResourcesFit"]));
  queue.close();
  queue.add(place("q"));
  const before = wakes;
  clock.advance(10 * 60_000);
  expect([active(), wakes]).toEqual([[], before]);
});
