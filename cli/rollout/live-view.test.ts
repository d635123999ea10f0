import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "#api/schema/types";
import { liveView } from "#cli/rollout/live-view";
import { toTime } from "#kit/clock";
import { deployment, pod, replicaSet, T0 } from "#test/support/workloads";

function version(name: string, revision: string, replicas: number, ageMs: number): ReplicaSet {
  const made = replicaSet(name, replicas);
  return {
    ...made,
    metadata: {
      ...made.metadata,
      ...{ uid: name, creationTimestamp: toTime(T0 - ageMs) },
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
  };
}

function podOf(owner: string, name: string, isReady: boolean) {
  const made = pod(name, { isReady });
  const reference = { apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner };
  const ownerReferences = [{ ...reference, controller: true }];
  const status = { ...made.status, phase: "Running" };
  return {
    ...made,
    metadata: { ...made.metadata, ownerReferences },
    spec: { ...made.spec, nodeName: "n1" },
    status,
  };
}

function rollingOut(
  annotations: Record<string, string>,
  reason: string,
  message: string,
): Deployment {
  const made = deployment("web", { replicas: 2 });
  const conditions = [{ type: "kaji.dev/Rollout", status: "Unknown", reason, message }];
  const metadata = { ...made.metadata, annotations };
  return { ...made, metadata, status: { ...made.status, conditions } };
}

test("a canary shows its versions with their share, its step and verdict, and what ails a pod", () => {
  const canary = { "kaji.dev/strategy": "canary", "kaji.dev/traffic": "web-old=75,web-new=25" };
  const lines = liveView({
    object: rollingOut(canary, "Step", "25 % for 60 s: 0.1 % errors, as before"),
    replicaSets: [
      version("web-ancient", "1", 0, 9e6),
      version("web-old", "2", 2, 6e5),
      version("web-new", "3", 1, 3e4),
    ],
    pods: [
      podOf("web-old", "web-old-a", true),
      podOf("web-old", "web-old-b", true),
      podOf("web-new", "web-new-c", false),
    ],
    nowMs: T0,
  });
  expect(lines.slice(0, 4)).toEqual([
    "canary: Step: 25 % for 60 s: 0.1 % errors, as before",
    "VERSION   REVISION   REQUESTS   READY   AGE   PODS",
    "web-new   3          25%        0/1     30s   1 Running",
    "web-old   2          75%        2/2     10m   2 Running",
  ]);
  expect(lines[4]).toMatch(/^pod default\/web-new-c runs and is not ready/);
});

test("a mirrored version is told as copies", () => {
  const mirror = {
    "kaji.dev/strategy": "mirror",
    "kaji.dev/traffic": "web-old=100,web-new=mirror/50",
  };
  const lines = liveView({
    object: rollingOut(mirror, "Step", ""),
    replicaSets: [version("web-old", "1", 2, 6e5), version("web-new", "2", 1, 3e4)],
    ...{ pods: [], nowMs: T0 },
  });
  expect(lines.join("\n")).toMatch(/web-new +2 +copies of 50% +0\/1 +30s +none/);
});

test("without a strategy it starts with kubectl's sentence", () => {
  const object = deployment("web", { replicas: 2 });
  const [first] = liveView({ ...{ object, replicaSets: [], pods: [], nowMs: T0 } });
  expect(first).toMatch(/^Waiting for deployment /);
});
