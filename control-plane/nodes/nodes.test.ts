import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, Pod } from "#api/schema/types";
import {
  diffDesired,
  emptyPlan,
  isSameForAgent,
  planDesired,
} from "#control-plane/nodes/desired-plan";
import { EventCorrelator } from "#control-plane/nodes/event-correlator";
import { isSameNodeStatus, mergeNodeStatus } from "#control-plane/nodes/node-status";
import { nextPodCidr } from "#control-plane/nodes/pod-cidr";
import { mergePodStatus } from "#control-plane/nodes/pod-status";
import { referencesOf } from "#control-plane/nodes/references";

function pod(uid: string, spec: Partial<Pod["spec"]> = {}, status?: Pod["status"]): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, namespace: "ns", uid, resourceVersion: "1" },
    spec: { containers: [{ name: "main" }], nodeName: "n1", ...spec },
    status,
  };
}

describe("references", () => {
  test("every place that names a config map or secret is found", () => {
    const references = referencesOf(
      pod("p", {
        initContainers: [{ name: "init", envFrom: [{ secretRef: { name: "env-from" } }] }],
        containers: [
          {
            name: "main",
            env: [
              { name: "A", valueFrom: { configMapKeyRef: { name: "env", key: "a" } } },
              { name: "B", valueFrom: { secretKeyRef: { name: "env", key: "b" } } },
            ],
          },
        ],
        imagePullSecrets: [{ name: "pull" }],
        volumes: [
          { name: "c", configMap: { name: "volume" } },
          { name: "s", secret: { secretName: "volume" } },
          {
            name: "p",
            projected: {
              sources: [
                { configMap: { name: "projected" } },
                { secret: { name: "projected" } },
                { serviceAccountToken: { path: "token", audience: "vault" } },
              ],
            },
          },
        ],
      }),
    );
    expect([...references.objects].toSorted()).toEqual([
      "ConfigMap/ns/env",
      "ConfigMap/ns/projected",
      "ConfigMap/ns/volume",
      "Secret/ns/env",
      "Secret/ns/env-from",
      "Secret/ns/projected",
      "Secret/ns/pull",
      "Secret/ns/volume",
    ]);
    expect(references.tokens).toEqual([
      { key: "p/p/token", audience: "vault", expirationSeconds: 3607 },
    ]);
  });
});

describe("desired state", () => {
  const inputs = (pods: Pod[]) => ({
    podsOf: () => pods,
    object: () => undefined,
    leavingVolumes: () => [],
    token: () => undefined,
  });
  const uids = fc.uniqueArray(fc.constantFrom<string>("a", "b", "c", "d", "e"));

  test("previous state plus the difference is the next state, for any two", () => {
    fc.assert(
      fc.property(uids, uids, (before, after) => {
        const previous = planDesired("n1", inputs(before.map((uid) => pod(uid))));
        const next = planDesired("n1", inputs(after.map((uid) => pod(uid))));
        const change = diffDesired(previous, next, 1);
        const reached = new Set(before);
        for (const uid of change?.removedPods ?? []) reached.delete(uid);
        for (const { uid = "" } of change?.pods ?? []) reached.add(uid);
        expect([...reached].toSorted()).toEqual(after.toSorted());
      }),
    );
  });

  test("the first message is full even when there is nothing", () => {
    expect(diffDesired(undefined, emptyPlan, 1)).toMatchObject({ isFull: true, pods: [] });
    expect(diffDesired(emptyPlan, emptyPlan, 2)).toBeUndefined();
  });

  test("an agent's own report is no change, the ingress's condition and a deletion are", () => {
    const ready = { type: "Ready", status: "True" };
    const reported = pod("a", {}, { phase: "Running", conditions: [ready] });
    expect(isSameForAgent(pod("a"), reported)).toBe(true);
    const served = pod("a", {}, { conditions: [{ type: "ingress.kaji.dev/x", status: "True" }] });
    expect(isSameForAgent(pod("a"), served)).toBe(false);
    const deleted = pod("a");
    deleted.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    expect(isSameForAgent(pod("a"), deleted)).toBe(false);
  });
});

describe("pod status", () => {
  test("conditions of others stay, and an agent cannot write them", () => {
    const current = {
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "ingress.kaji.dev/main", status: "True" },
        { type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" },
      ],
    };
    const reported = {
      phase: "Running",
      conditions: [
        { type: "Ready", status: "True" },
        { type: "ingress.kaji.dev/main", status: "False" },
      ],
    };
    expect(mergePodStatus(current, reported, 0).conditions).toEqual([
      { type: "PodScheduled", status: "True" },
      { type: "ingress.kaji.dev/main", status: "True" },
      { type: "Ready", status: "True", lastTransitionTime: "1970-01-01T00:00:00Z" },
    ]);
  });

  test("a pod that has ended stays ended", () => {
    expect(mergePodStatus({ phase: "Failed" }, { phase: "Running" }, 0).phase).toBe("Failed");
    expect(mergePodStatus({ phase: "Running" }, { phase: "Succeeded" }, 0).phase).toBe("Succeeded");
  });
});

describe("node status", () => {
  test("a report that says nothing new is written again only after five minutes", () => {
    const report = { conditions: [{ type: "Ready", status: "True" }] };
    const stored = mergeNodeStatus(undefined, report, 0);
    expect(isSameNodeStatus(stored, mergeNodeStatus(stored, report, 10_000))).toBe(true);
    expect(isSameNodeStatus(stored, mergeNodeStatus(stored, report, 300_000))).toBe(false);
  });
});

describe("pod CIDRs", () => {
  test("each node gets the lowest free one, until there is none", () => {
    const used = new Set<string>();
    for (let node = 0; node < 256; node++) {
      const cidr = nextPodCidr("10.244.0.0/16", used);
      expect(cidr).toBe(`10.244.${node}.0/24`);
      used.add(cidr ?? "");
    }
    expect(nextPodCidr("10.244.0.0/16", used)).toBeUndefined();
    used.delete("10.244.7.0/24");
    expect(nextPodCidr("10.244.0.0/16", used)).toBe("10.244.7.0/24");
  });
});

describe("events", () => {
  const event = (message: string): Event => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "" },
    involvedObject: { kind: "Pod", name: "web", namespace: "ns", uid: "u" },
    reason: "BackOff",
    message,
  });

  test("a repetition counts, another message is another event", () => {
    const correlator = new EventCorrelator();
    const first = correlator.correlate(event("a"), 0);
    expect(first.type).toBe("create");
    if (first.type === "create") correlator.remember(first.key, first.event);
    expect(correlator.correlate(event("a"), 1).type).toBe("count");
    expect(correlator.correlate(event("b"), 2).type).toBe("create");
  });

  test("an object that is noisy is heard 25 times, then once each five minutes", () => {
    const correlator = new EventCorrelator();
    const heard = (nowMs: number) => correlator.correlate(event("a"), nowMs).type !== "drop";
    const burst = Array.from({ length: 40 }, () => heard(0));
    expect(burst.filter(Boolean).length).toBe(25);
    expect(heard(300_000)).toBe(true);
    expect(heard(300_001)).toBe(false);
  });
});
