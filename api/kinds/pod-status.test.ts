import { describe, expect, test } from "vitest";
import { podColumns } from "#api/kinds/pod-columns";
import { isPodAvailable, podPhaseSummary, summarizePod } from "#api/kinds/pod-status";
import type { ContainerState, ContainerStatus, Pod, PodSpec, PodStatus } from "#api/schema/types";

const nowMs = Date.parse("2026-01-01T01:00:00Z");
const READY = { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:59:50Z" };

function pod(status: PodStatus, spec: Partial<PodSpec> = {}, isDeleted = false): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", ...(isDeleted ? { deletionTimestamp: "2026-01-01T00:59:00Z" } : {}) },
    spec: { containers: [{ name: "a" }], ...spec },
    status,
  };
}

function container(state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name: "a", image: "", imageID: "", ready: false, restartCount: 0, state, ...more };
}

const up = { running: {} };
const waiting = (reason: string) => ({ waiting: { reason } });
const ended = (exitCode: number, reason?: string) => ({ terminated: { exitCode, reason } });
const init = (...states: ContainerState[]) => ({
  phase: "Pending",
  initContainerStatuses: states.map((state, i) => container(state, { name: `i${i}` })),
});
const twoInit = { initContainers: [{ name: "i0" }, { name: "i1" }] };
const sidecar = { initContainers: [{ name: "i0", restartPolicy: "Always" }] };

describe("the STATUS column says", () => {
  test.each<[string, Pod]>([
    ["Pending", pod({ phase: "Pending" })],
    [
      "SchedulingGated",
      pod({
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      }),
    ],
    [
      "ContainerCreating",
      pod({ phase: "Pending", containerStatuses: [container(waiting("ContainerCreating"))] }),
    ],
    ["Running", pod({ phase: "Running", containerStatuses: [container(up, { ready: true })] })],
    [
      "CrashLoopBackOff",
      pod({ phase: "Running", containerStatuses: [container(waiting("CrashLoopBackOff"))] }),
    ],
    [
      "Completed",
      pod({ phase: "Succeeded", containerStatuses: [container(ended(0, "Completed"))] }),
    ],
    [
      "OOMKilled",
      pod({ phase: "Failed", containerStatuses: [container(ended(137, "OOMKilled"))] }),
    ],
    ["ExitCode:3", pod({ phase: "Failed", containerStatuses: [container(ended(3))] })],
    [
      "Signal:9",
      pod({
        phase: "Failed",
        containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })],
      }),
    ],
    ["Evicted", pod({ phase: "Failed", reason: "Evicted" })],
    ["Init:0/2", pod(init(waiting("PodInitializing")), twoInit)],
    ["Init:1/2", pod(init(ended(0), up), twoInit)],
    ["Init:Error", pod(init(ended(1, "Error")), twoInit)],
    ["Init:ExitCode:1", pod(init(ended(1)), twoInit)],
    ["Init:CrashLoopBackOff", pod(init(waiting("CrashLoopBackOff")), twoInit)],
    ["Terminating", pod({ phase: "Running", containerStatuses: [container(up)] }, {}, true)],
    [
      "Completed",
      pod({ phase: "Succeeded", containerStatuses: [container(ended(0, "Completed"))] }, {}, true),
    ],
    ["Unknown", pod({ phase: "Running", reason: "NodeLost" }, {}, true)],
    [
      "NotReady",
      pod({
        phase: "Running",
        containerStatuses: [container(ended(0, "Completed")), container(up, { ready: true })],
      }),
    ],
    [
      "Running",
      pod({
        phase: "Running",
        conditions: [READY],
        containerStatuses: [container(ended(0, "Completed")), container(up, { ready: true })],
      }),
    ],
  ])("%s", (expected, object) => {
    expect(podPhaseSummary(object)).toBe(expected);
  });
});

test("a started sidecar counts among the containers that are ready", () => {
  const object = pod(
    {
      phase: "Running",
      initContainerStatuses: [container(up, { name: "i0", started: true, ready: true })],
      containerStatuses: [container(up, { ready: true })],
    },
    sidecar,
  );
  expect(summarizePod(object)).toMatchObject({ readyContainers: 2, totalContainers: 2 });
});

test("the RESTARTS column says when the last restart was", () => {
  const lastState = { terminated: { exitCode: 1, finishedAt: "2026-01-01T00:55:00Z" } };
  const object = pod({
    phase: "Running",
    containerStatuses: [container(up, { restartCount: 1, lastState })],
  });
  const column = podColumns.find(({ name }) => name === "Restarts");
  expect(column?.value(object, nowMs)).toBe("1 (5m ago)");
});

test("a pod is available once it has been ready for minReadySeconds", () => {
  const object = pod({ conditions: [READY] });
  expect(isPodAvailable(object, 0, nowMs)).toBe(true);
  expect(isPodAvailable(object, 10, nowMs)).toBe(true);
  expect(isPodAvailable(object, 11, nowMs)).toBe(false);
  expect(isPodAvailable(pod({}), 0, nowMs)).toBe(false);
});
