import { describe, expect, test } from "vitest";
import type { PodStatus } from "#api/schema/types";
import { podStatus } from "#node-agent/pod/status";
import type { Failure, PodView, ProbeVerdicts } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";
import { exited, noonMs, testRecord, testView } from "#test/support/pod-views";

const statusOf = (fields: Partial<PodView>): PodStatus =>
  podStatus(testView({ stage: "running", ...fields }), "192.0.2.1");
const condition = (status: PodStatus, type: string) => {
  const found = status.conditions?.find((each) => each.type === type);
  return [found?.status, found?.reason, found?.message];
};
const web = (status: PodStatus) => status.containerStatuses?.[0];
const verdicts = (fields: Partial<ProbeVerdicts>): PodView["probes"] =>
  new Map([["id-web-0", { startup: "none", liveness: "none", readiness: "none", ...fields }]]);
const failure = (reason: string, failedAtMs: number): Failure => ({
  reason,
  message: "it is so",
  failedAtMs,
  retryAtMs: noonMs + 10_000,
  attempts: 1,
});

describe("podStatus", () => {
  test("a pod whose container runs is Running and Ready", () => {
    const status = statusOf({ containers: [testRecord()] });
    expect(status).toMatchObject({
      phase: "Running",
      hostIP: "192.0.2.1",
      podIP: "10.244.0.7",
      podIPs: [{ ip: "10.244.0.7" }],
      qosClass: "BestEffort",
      startTime: "2026-01-01T11:59:00Z",
    });
    for (const type of ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"]) {
      expect(condition(status, type)).toEqual(["True", undefined, undefined]);
    }
    expect(web(status)).toEqual({
      name: "web",
      state: { running: { startedAt: "2026-01-01T11:59:10Z" } },
      lastState: {},
      ready: true,
      started: true,
      restartCount: 0,
      image: "web:1",
      imageID: "sha256:1",
      containerID: "kaji://id-web-0",
    });
  });

  test("a pod whose container is being made waits with ContainerCreating and is Pending", () => {
    const status = statusOf({ stage: "starting", sandbox: undefined });
    expect(status.phase).toBe("Pending");
    expect(web(status)?.state).toEqual({ waiting: { reason: "ContainerCreating" } });
    const words = "containers with unready status: [web]";
    expect(condition(status, "Ready")).toEqual(["False", "ContainersNotReady", words]);
    expect(condition(status, "ContainersReady")).toEqual(["False", "ContainersNotReady", words]);
    expect(condition(status, "PodReadyToStartContainers")[0]).toBe("False");
  });

  test("main containers wait with PodInitializing for init containers", () => {
    const pod = testPod({
      initContainers: [
        { name: "a", image: "web:1" },
        { name: "b", image: "web:1" },
      ],
    });
    const status = statusOf({ pod, stage: "starting", containers: [testRecord({ name: "a" })] });
    expect(web(status)?.state?.waiting?.reason).toBe("PodInitializing");
    expect(status.initContainerStatuses?.[1]?.state?.waiting?.reason).toBe("PodInitializing");
    expect(condition(status, "Initialized")).toEqual([
      "False",
      "ContainersNotInitialized",
      "containers with incomplete status: [a b]",
    ]);
  });

  test("a crash loop names its delay, container and pod, and keeps the last state", () => {
    const crashed = exited({ restartCount: 3, backoffMs: 80_000, exitCode: 2, message: "no disk" });
    const status = statusOf({ containers: [crashed] });
    expect(web(status)?.state?.waiting).toEqual({
      reason: "CrashLoopBackOff",
      message: "back-off 1m20s restarting failed container=web pod=web-1_default(uid-1)",
    });
    expect(web(status)?.lastState?.terminated).toMatchObject({
      exitCode: 2,
      reason: "Error",
      message: "no disk",
    });
    expect(web(status)).toMatchObject({ restartCount: 3, ready: false, started: false });
    expect(status.phase).toBe("Running");
  });

  test("a restarted container shows how the one before it ended", () => {
    const killed = exited({ exitCode: 137, reason: "OOMKilled" });
    const status = statusOf({ containers: [killed, testRecord({ restartCount: 1 })] });
    expect(web(status)?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: "OOMKilled",
    });
    expect(web(status)?.restartCount).toBe(1);
  });

  test.each([
    ["ErrImagePull", noonMs, "ErrImagePull", "it is so"],
    [
      "ErrImagePull",
      noonMs - 5_000,
      "ImagePullBackOff",
      'Back-off pulling image "web:1": ErrImagePull: it is so',
    ],
    ["CreateContainerConfigError", noonMs - 5_000, "CreateContainerConfigError", "it is so"],
    ["ErrImageNeverPull", noonMs - 5_000, "ErrImageNeverPull", "it is so"],
  ])("%s shows as a waiting reason", (reason, failedAtMs, shown, message) => {
    const status = statusOf({ startFailures: new Map([["web", failure(reason, failedAtMs)]]) });
    expect(web(status)?.state?.waiting).toEqual({ reason: shown, message });
  });

  test("a container is ready when its probes say so", () => {
    const containers = [testRecord()];
    const of = (fields: Partial<ProbeVerdicts>) =>
      web(statusOf({ containers, probes: verdicts(fields) }));
    expect(of({ readiness: "unknown" })).toMatchObject({ started: true, ready: false });
    expect(of({ readiness: "success" })).toMatchObject({ started: true, ready: true });
    expect(of({ readiness: "failure" })).toMatchObject({ started: true, ready: false });
    expect(of({ startup: "unknown" })).toMatchObject({ started: false, ready: false });
    expect(of({ startup: "success" })).toMatchObject({ started: true, ready: true });
  });

  test("readiness gates are asked after the containers", () => {
    const gated = testPod({ readinessGates: [{ conditionType: "lb" }] });
    const containers = [testRecord()];
    expect(condition(statusOf({ pod: gated, containers }), "Ready")).toEqual([
      "False",
      "ReadinessGatesNotReady",
      'corresponding condition of pod readiness gate "lb" does not exist.',
    ]);
    const withGate = (status: string) => {
      const conditions = [{ type: "lb", status }];
      return statusOf({ pod: { ...gated, status: { conditions } }, containers });
    };
    expect(condition(withGate("False"), "Ready")[2]).toBe(
      'the status of pod readiness gate "lb" is not "True", but False',
    );
    expect(condition(withGate("True"), "Ready")[0]).toBe("True");
    expect(withGate("True").conditions?.map(({ type }) => type)).not.toContain("lb");
  });

  test("a finished job is Succeeded, its conditions say PodCompleted", () => {
    const pod = testPod({ restartPolicy: "Never" });
    const status = statusOf({ pod, stage: "finished", containers: [exited({ exitCode: 0 })] });
    expect(status.phase).toBe("Succeeded");
    expect(condition(status, "Initialized")).toEqual(["True", "PodCompleted", undefined]);
    expect(condition(status, "Ready")).toEqual(["False", "PodCompleted", undefined]);
    expect(web(status)?.state?.terminated?.reason).toBe("Completed");
  });

  test("a pod that failed stays as it was told, whatever is left of it", () => {
    const before = statusOf({
      pod: testPod({ restartPolicy: "Never" }),
      stage: "finished",
      containers: [exited({ exitCode: 3 })],
    });
    const pod = { ...testPod({ restartPolicy: "Never" }), status: before };
    const later = statusOf({ pod, stage: "finished", sandbox: undefined, containers: [] });
    expect(later.phase).toBe("Failed");
    expect(later.containerStatuses).toEqual(before.containerStatuses);
    expect(later.podIP).toBe("10.244.0.7");
  });

  test("the time of a transition stays while the status stays", () => {
    const then = "2026-01-01T08:00:00Z";
    const conditions = [
      { type: "Ready", status: "True", lastTransitionTime: then },
      { type: "ContainersReady", status: "False", lastTransitionTime: then },
    ];
    const status = statusOf({
      pod: { ...testPod(), status: { conditions } },
      containers: [testRecord()],
    });
    const time = (type: string) =>
      status.conditions?.find((each) => each.type === type)?.lastTransitionTime;
    expect(time("Ready")).toBe(then);
    expect(time("ContainersReady")).toBe("2026-01-01T12:00:00Z");
  });
});
