import { describe, expect, test } from "vitest";
import { planPod } from "#node-agent/pod/plan";
import { type PodEnd, unfinishedEnd } from "#node-agent/pod/pod-end";
import { nextStage } from "#node-agent/pod/stage";
import { podStatus } from "#node-agent/pod/status";
import type { PodView } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";
import { exited, noonMs, testRecord, testView } from "#test/support/pod-views";

const evicted: PodEnd = {
  reason: "Evicted",
  message: "The node was low on resource: memory. ",
  isDisruption: true,
  graceMs: 0,
};
const terminated: PodEnd = {
  reason: "Terminated",
  message: "Pod was terminated in response to imminent node shutdown.",
  isDisruption: true,
  graceMs: 10_000,
  drainsFromMs: noonMs,
};

/** As the worker does it: first the stage, then what follows from it. */
function look(fields: Partial<PodView>) {
  const view = testView({ stage: "running", containers: [testRecord()], ...fields });
  const next = { ...view, stage: nextStage(view) };
  return { stage: next.stage, plan: planPod(next), status: podStatus(next, "192.0.2.1") };
}

function serving() {
  const pod = testPod();
  const conditions = [{ type: "ingress.kaji.dev/main", status: "True" }];
  return { ...pod, status: { ...pod.status, conditions } };
}

describe("a pod that its node ends", () => {
  test("stops with the grace that the node gives it, whatever its own", () => {
    const { stage, plan } = look({ end: evicted });
    expect(stage).toBe("stopping");
    expect(plan.actions).toMatchObject([{ type: "stopContainer", graceMs: 0, runsPreStop: false }]);
  });

  test("says why while it ends, and is not ready any more", () => {
    const { status } = look({ end: evicted });
    expect(status).toMatchObject({ phase: "Running", reason: "Evicted", message: evicted.message });
    expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("False");
  });

  test("has failed when nothing runs any more, and not by its own fault", () => {
    const { stage, status } = look({ end: evicted, containers: [exited({ exitCode: 0 })] });
    expect(stage).toBe("finished");
    expect(status).toMatchObject({ phase: "Failed", reason: "Evicted" });
    expect(status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "TerminationByKubelet",
      message: evicted.message,
    });
  });

  test("that was refused has never run", () => {
    const end: PodEnd = { ...evicted, isDisruption: false };
    const { stage, plan, status } = look({ end, stage: "bound", containers: [] });
    expect(stage).toBe("finished");
    expect(plan.actions).toEqual([{ type: "release" }]);
    expect(status.phase).toBe("Failed");
    expect(status.conditions?.some(({ type }) => type === "DisruptionTarget")).toBe(false);
  });
});

describe("a pod that ends because the machine goes", () => {
  test("waits for the ingress to send elsewhere, for half of its time at most", () => {
    const early = look({ end: terminated, pod: serving() });
    expect(early).toMatchObject({ stage: "draining", plan: { wakeAtMs: noonMs + 5_000 } });
    const late = look({ end: terminated, pod: serving(), nowMs: noonMs + 5_000 });
    expect(late.stage).toBe("stopping");
    expect(late.plan.actions).toMatchObject([{ graceMs: 10_000, runsPreStop: true }]);
  });

  test("stops at once when no ingress sends to it", () => {
    expect(look({ end: terminated }).stage).toBe("stopping");
  });
});

test("an agent that starts again goes on with what it began", () => {
  const { reason, message } = evicted;
  expect(unfinishedEnd({ phase: "Running", reason, message })).toEqual(evicted);
  expect(unfinishedEnd({ phase: "Failed", reason, message })).toBeUndefined();
  expect(unfinishedEnd({ phase: "Running", reason: "DeadlineExceeded" })).toBeUndefined();
});
