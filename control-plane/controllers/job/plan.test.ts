import { describe, expect, test } from "vitest";
import type { JobSpec, Pod } from "#api/schema/types";
import { planJob } from "#control-plane/controllers/job/plan";
import { backoffDelayMs } from "#control-plane/controllers/job/backoff";
import { isTracked } from "#control-plane/controllers/job/pods";
import { job, JobModel } from "#test/support/jobs";
import { T0 } from "#test/support/workloads";

function started(spec: Partial<JobSpec> = {}): JobModel {
  const model = new JobModel(job("work", spec));
  model.settle();
  return model;
}

function indexed(spec: Partial<JobSpec> = {}): JobModel {
  return started({ completionMode: "Indexed", completions: 3, parallelism: 3, ...spec });
}

function podOf(model: JobModel, index: number): Pod {
  const found = model.active.find(({ metadata }) => metadata.generateName === `work-${index}-`);
  if (!found) throw new Error(`no active pod of index ${index}`);
  return found;
}

describe("a Job", () => {
  test("runs one pod, counts it and says that it is complete", () => {
    const model = started();
    expect(model.active).toHaveLength(1);
    expect(model.active[0]?.metadata.labels).toMatchObject({ "job-name": "work" });
    model.endAll(0);
    model.settle();
    expect(model.status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0 });
    expect(model.status.uncountedTerminatedPods).toEqual({});
    expect(model.condition("Complete")).toMatchObject({
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    });
    expect(model.condition("SuccessCriteriaMet")).toBeDefined();
    expect(model.status.completionTime).toBeDefined();
    expect([...model.pods.values()].some(isTracked)).toBe(false);
    expect(model.events).toEqual([
      "SuccessfulCreate: Created pod: %NAME%",
      "Completed: Job completed",
    ]);
  });

  test("runs as many at once as parallelism says, and no more than are missing", () => {
    const model = started({ completions: 5, parallelism: 2 });
    const seen = [model.active.length];
    while (!model.condition("Complete")) {
      model.endAll(0);
      model.settle();
      seen.push(model.active.length);
    }
    expect(seen).toEqual([2, 2, 1, 0]);
    expect(model.status.succeeded).toBe(5);
  });

  test("without completions ends when one has succeeded and the others have ended", () => {
    const model = started({ parallelism: 2 });
    const [first, second] = model.active;
    if (first) model.end(first, 0);
    model.settle();
    expect(model.active).toHaveLength(1);
    expect(model.condition("Complete")).toBeUndefined();
    if (second) model.end(second, 1);
    model.settle();
    expect(model.condition("Complete")).toBeDefined();
  });

  test("waits 10 s after a failure and twice as long after each further one, six minutes at most", () => {
    const model = started();
    const waits = [];
    for (let failure = 0; failure < 3; failure++) {
      model.endAll(1);
      model.settle();
      expect(model.active).toHaveLength(0);
      waits.push(model.wakeMs);
      model.nowMs += model.wakeMs ?? 0;
      model.settle();
      expect(model.active).toHaveLength(1);
    }
    expect(waits).toEqual([10_000, 20_000, 40_000]);
    expect(backoffDelayMs(12)).toBe(360_000);
  });

  test("fails when it has failed more often than its backoff limit", () => {
    const model = started({ backoffLimit: 0, completions: 2, parallelism: 2 });
    const [first] = model.active;
    if (first) model.end(first, 1);
    model.settle();
    expect(model.condition("Failed")).toMatchObject({
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    });
    expect(model.active).toHaveLength(0);
    expect(model.status.failed).toBe(2);
    expect(model.status.completionTime).toBeUndefined();
    expect(model.events).toContain(
      "BackoffLimitExceeded: Job has reached the specified backoff limit",
    );
  });

  test("is not Failed before its last pod has stopped", () => {
    const model = started({
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      parallelism: 2,
      completions: 2,
    });
    const [first] = model.active;
    if (first) model.end(first, 1);
    for (let round = 0; round < 5; round++) model.step();
    expect(model.condition("FailureTarget")).toBeDefined();
    expect(model.condition("Failed")).toBeUndefined();
    model.settle();
    expect(model.condition("Failed")).toBeDefined();
  });

  test("ends at its deadline and wakes up for it", () => {
    const model = started({ activeDeadlineSeconds: 30 });
    expect(model.wakeMs).toBe(30_000);
    model.nowMs += 30_000;
    model.settle();
    expect(model.condition("Failed")).toMatchObject({
      reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline",
    });
  });

  test("stops its pods while it is suspended, counts no failure, and starts its clock anew", () => {
    const model = started();
    model.job.spec.suspend = true;
    model.settle();
    expect(model.pods.size).toBe(0);
    expect(model.condition("Suspended")).toMatchObject({ reason: "JobSuspended" });
    expect(model.status.failed).toBeUndefined();
    model.nowMs += 60_000;
    model.job.spec.suspend = false;
    model.settle();
    expect(model.active).toHaveLength(1);
    expect(model.condition("Suspended")).toBeUndefined();
    expect(Date.parse(model.status.startTime ?? "")).toBe(T0 + 60_000);
    expect(model.events).toEqual(
      expect.arrayContaining(["Suspended: Job suspended", "Resumed: Job resumed"]),
    );
  });

  test("deletes surplus pods without counting them when parallelism sinks", () => {
    const model = started({ completions: 4, parallelism: 4 });
    model.job.spec.parallelism = 1;
    model.settle();
    expect(model.active).toHaveLength(1);
    expect(model.status.failed).toBeUndefined();
  });

  test("replaces a deleted pod at once, or with podReplacementPolicy Failed when it has stopped", () => {
    for (const [policy, expected] of [
      ["TerminatingOrFailed", 1],
      ["Failed", 0],
    ] as const) {
      const model = started({ podReplacementPolicy: policy });
      model.nowMs += 1_000;
      for (const pod of model.active) model.delete(pod);
      model.step();
      model.nowMs += 11_000;
      model.step();
      expect(model.active).toHaveLength(expected);
      model.settle();
      model.nowMs += 11_000;
      model.settle();
      expect(model.active).toHaveLength(1);
      expect(model.status.failed).toBe(1);
    }
  });

  test("is deleted when its time to live after the end has passed", () => {
    const model = started({ ttlSecondsAfterFinished: 20 });
    model.endAll(0);
    model.settle();
    expect(model.wakeMs).toBe(20_000);
    model.nowMs += 20_000;
    model.step();
    expect(model.events).toContain("job deleted");
  });

  test("fails when containers that restart in place have restarted too often", () => {
    const model = started({ backoffLimit: 2 });
    model.job.spec.template.spec.restartPolicy = "OnFailure";
    for (const pod of model.active) {
      const one = { name: "main", image: "", imageID: "", ready: false, restartCount: 2 };
      model.pods.set(pod.metadata.name, {
        ...pod,
        status: { phase: "Running", containerStatuses: [one] },
      });
    }
    model.settle();
    expect(model.condition("Failed")?.reason).toBe("BackoffLimitExceeded");
  });

  test("that is gone lets the pods go that it left behind, if the API server does not know it", () => {
    const model = started();
    const [action] = planJob({ job: undefined, candidates: [], strays: model.active }, T0);
    expect(action).toMatchObject({
      type: "patch",
      onlyIfAbsent: [{ name: "work", uid: "uid-work" }],
    });
  });
});

describe("an Indexed Job", () => {
  test("gives each pod its index by name, label, annotation, host name and environment", () => {
    const pod = podOf(indexed(), 2);
    const key = "batch.kubernetes.io/job-completion-index";
    expect(pod.metadata).toMatchObject({ labels: { [key]: "2" }, annotations: { [key]: "2" } });
    expect(pod.spec.hostname).toBe("work-2");
    expect(pod.spec.containers[0]?.env).toEqual([
      {
        name: "JOB_COMPLETION_INDEX",
        valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: `metadata.labels['${key}']` } },
      },
    ]);
  });

  test("runs an index again until it has succeeded once", () => {
    const model = indexed();
    model.end(podOf(model, 1), 1);
    model.end(podOf(model, 0), 0);
    model.end(podOf(model, 2), 0);
    model.settle();
    expect(model.status.completedIndexes).toBe("0,2");
    model.nowMs += 10_000;
    model.settle();
    model.end(podOf(model, 1), 0);
    model.settle();
    expect(model.status).toMatchObject({ completedIndexes: "0-2", succeeded: 3, failed: 1 });
    expect(model.condition("Complete")).toBeDefined();
  });

  test("gives up an index after its own limit and fails at the end", () => {
    const model = indexed({ completions: 2, parallelism: 2, backoffLimitPerIndex: 1 });
    model.end(podOf(model, 0), 0);
    model.end(podOf(model, 1), 1);
    model.settle();
    expect(model.wakeMs).toBe(10_000);
    model.nowMs += 10_000;
    model.settle();
    const again = podOf(model, 1);
    expect(again.metadata.annotations).toMatchObject({
      "batch.kubernetes.io/job-index-failure-count": "1",
    });
    model.end(again, 1);
    model.settle();
    expect(model.status).toMatchObject({ failedIndexes: "1", completedIndexes: "0", failed: 2 });
    expect(model.condition("Failed")).toMatchObject({ reason: "FailedIndexes" });
  });

  test("ends early when its success policy is met, and stops the rest", () => {
    const model = indexed({ successPolicy: { rules: [{ succeededIndexes: "0" }] } });
    model.end(podOf(model, 0), 0);
    model.settle();
    expect(model.condition("Complete")).toMatchObject({
      reason: "SuccessPolicy",
      message: "Matched rules at index 0",
    });
    expect(model.active).toHaveLength(0);
  });
});

describe("a pod failure policy", () => {
  const onExit = (action: string) => ({
    rules: [{ action, onExitCodes: { operator: "In", values: [42] } }],
  });

  test("fails the Job at once and says which pod did it", () => {
    const model = started({ podFailurePolicy: onExit("FailJob") });
    const name = model.active[0]?.metadata.name;
    model.endAll(42);
    model.settle();
    expect(model.condition("Failed")).toMatchObject({
      reason: "PodFailurePolicy",
      message: `Container main for pod default/${name} failed with exit code 42 matching FailJob rule at index 0`,
    });
  });

  test("does not count what it ignores", () => {
    const model = started({ backoffLimit: 0, podFailurePolicy: onExit("Ignore") });
    model.endAll(42);
    model.settle();
    expect(model.status.failed).toBeUndefined();
    expect(model.condition("Failed")).toBeUndefined();
  });

  test("gives up one index", () => {
    const policy = { backoffLimitPerIndex: 5, podFailurePolicy: onExit("FailIndex") };
    const model = indexed(policy);
    model.end(podOf(model, 1), 42);
    model.settle();
    expect(model.status.failedIndexes).toBe("1");
  });
});
