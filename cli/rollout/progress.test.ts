import { describe, expect, test } from "vitest";
import type { KubeObject } from "#api/machinery/meta";
import { progressOf } from "#cli/rollout/progress";
import { releaseProgressOf } from "#cli/rollout/strategy";

function object(kind: string, spec: object, status: object, metadata: object = {}): KubeObject {
  return {
    ...{ apiVersion: "v1", kind, metadata: { name: "web", generation: 2, ...metadata } },
    ...{ spec, status },
  } as KubeObject;
}

const seen = { observedGeneration: 2 };
const deployment = (status: object, metadata: object = {}) =>
  object("Deployment", { replicas: 3 }, { ...seen, ...status }, metadata);
const statefulSet = (status: object, spec: object = {}) =>
  object("StatefulSet", { replicas: 3, ...spec }, { ...seen, ...status });
const daemonSet = (status: object) => object("DaemonSet", {}, { ...seen, ...status });
const condition = (type: string, status: string, reason = "", message = "") => ({
  conditions: [{ type, status, reason, message }],
});

describe("a roll-out is told in kubectl's words", () => {
  test.each<[KubeObject, string, string]>([
    [
      deployment({ observedGeneration: 1 }),
      "waiting",
      "Waiting for deployment spec update to be observed...",
    ],
    [
      deployment({ updatedReplicas: 1, replicas: 3 }),
      "waiting",
      'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...',
    ],
    [
      deployment({ updatedReplicas: 3, replicas: 4 }),
      "waiting",
      'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...',
    ],
    [
      deployment({ updatedReplicas: 3, replicas: 3, availableReplicas: 2 }),
      "waiting",
      'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...',
    ],
    [
      deployment({ updatedReplicas: 3, replicas: 3, availableReplicas: 3 }),
      "done",
      'deployment "web" successfully rolled out',
    ],
    [
      deployment(condition("Progressing", "False", "ProgressDeadlineExceeded")),
      "failed",
      'deployment "web" exceeded its progress deadline',
    ],
    [statefulSet({ readyReplicas: 1 }), "waiting", "Waiting for 2 pods to be ready..."],
    [
      statefulSet({
        readyReplicas: 3,
        updatedReplicas: 1,
        updateRevision: "b",
        currentRevision: "a",
      }),
      "waiting",
      "waiting for statefulset rolling update to complete 1 pods at revision b...",
    ],
    [
      statefulSet({
        readyReplicas: 3,
        currentReplicas: 3,
        updateRevision: "b",
        currentRevision: "b",
      }),
      "done",
      "statefulset rolling update complete 3 pods at revision b...",
    ],
    [
      statefulSet(
        { readyReplicas: 3, updatedReplicas: 0 },
        { updateStrategy: { rollingUpdate: { partition: 2 } } },
      ),
      "waiting",
      "Waiting for partitioned roll out to finish: 0 out of 1 new pods have been updated...",
    ],
    [
      daemonSet({ desiredNumberScheduled: 2, updatedNumberScheduled: 1 }),
      "waiting",
      'Waiting for daemon set "web" rollout to finish: 1 out of 2 new pods have been updated...',
    ],
    [
      daemonSet({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }),
      "waiting",
      'Waiting for daemon set "web" rollout to finish: 1 of 2 updated pods are available...',
    ],
    [
      daemonSet({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }),
      "done",
      'daemon set "web" successfully rolled out',
    ],
    [object("Job", {}, condition("Complete", "True")), "done", 'job "web" is complete'],
    [
      object("Job", {}, condition("Failed", "True", "BackoffLimitExceeded", "too often")),
      "failed",
      'job "web" failed: BackoffLimitExceeded: too often',
    ],
    [object("ConfigMap", {}, {}), "done", 'ConfigMap "web" is there'],
  ])("%#", (given, state, sentence) => {
    expect(progressOf(given)).toEqual({ state, sentence });
  });
});

describe("for a release a roll-out by strategy", () => {
  const rollout = (reason: string, message: string) =>
    deployment({
      updatedReplicas: 1,
      ...condition("kaji.dev/Rollout", "Unknown", reason, message),
    });
  test.each([
    ["Step", "10 % for 30 s more", "waiting", "10 % for 30 s more"],
    ["Switched", "the new version has all requests", "done", "the new version has all requests"],
    ["RolledBack", "the error rate was 12 %", "failed", "the error rate was 12 %"],
    [
      "Paused",
      "waits for promotion",
      "done",
      "waits for promotion; `kaji rollout promote deployment/web` goes on",
    ],
  ])("in phase %s is as it should be", (phase, message, state, sentence) => {
    expect(releaseProgressOf(rollout(phase, message))).toEqual({ state, sentence });
  });
});
