import { describe, expect, test } from "vitest";
import { audits, runAudits } from "#api/audit/index";
import type { KubeObject } from "#api/machinery/meta";

type Content = Record<string, unknown>;

function object(kind: string, name: string, content: Content = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind,
    ...content,
    metadata: {
      name,
      namespace: "default",
      uid: `${kind}-${name}`,
      ...(content["metadata"] as Content | undefined),
    },
  };
}

const ownedBySet = (labels: Record<string, string>) => ({
  labels,
  creationTimestamp: "2026-01-02T00:00:00Z",
  ownerReferences: [
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      name: "web",
      uid: "ReplicaSet-web",
      controller: true,
    },
  ],
});

const pod = (name: string, ip: string, more: Content = {}, spec: Content = {}) =>
  object("Pod", name, {
    metadata: ownedBySet({ app: "web" }),
    spec: {
      nodeName: "node-1",
      containers: [{ name: "c", resources: { requests: { cpu: "500m" } } }],
      ...spec,
    },
    status: { phase: "Running", podIP: ip },
    ...more,
  });

const node = object("Node", "node-1", {
  spec: {},
  status: { allocatable: { cpu: "1", memory: "1Gi", pods: "110" } },
});
const set = object("ReplicaSet", "web", { spec: { selector: { matchLabels: { app: "web" } } } });
const service = (name: string, clusterIP: string) =>
  object("Service", name, { spec: { clusterIP, selector: { app: "web" } } });
const slice = (podName: string, ip: string) =>
  object("EndpointSlice", "web-1", {
    metadata: { labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: [{ addresses: [ip], targetRef: { kind: "Pod", name: podName } }],
  });

/** The pods of `healthy` that say when they were created are from the second of January. */
const quotaBefore = (creationTimestamp: string) =>
  object("ResourceQuota", "q", {
    metadata: { creationTimestamp },
    spec: { hard: { "requests.cpu": "900m", pods: "9" } },
  });

const healthy = [
  node,
  set,
  service("web", "10.96.0.5"),
  slice("a", "10.244.0.2"),
  pod("a", "10.244.0.2"),
  pod("b", "10.244.0.3"),
];

test("a healthy cluster has no findings", () => {
  expect(runAudits(healthy)).toEqual([]);
});

describe("found is", () => {
  const gone = { metadata: { ownerReferences: [{ kind: "ReplicaSet", name: "x", uid: "gone" }] } };
  test.each<[string, string, KubeObject]>([
    [
      "uids-are-unique",
      "Pod default/z",
      object("Pod", "z", { metadata: { uid: "Pod-a" }, spec: {} }),
    ],
    ["pod-ips-are-unique", "Pod default/z", pod("z", "10.244.0.2", {}, { containers: [] })],
    ["service-ips-are-unique", "Service default/z", service("z", "10.96.0.5")],
    [
      "bound-pods-have-nodes",
      "Pod default/z",
      pod("z", "10.244.0.9", {}, { nodeName: "gone", containers: [] }),
    ],
    ["nodes-are-not-overcommitted", "Node default/node-1", pod("z", "10.244.0.9")],
    ["owners-exist", "ConfigMap default/z", object("ConfigMap", "z", gone)],
    [
      "replica-set-pods-match",
      "Pod default/z",
      pod(
        "z",
        "10.244.0.9",
        { metadata: { ...ownedBySet({ app: "api" }), uid: "z" } },
        { containers: [] },
      ),
    ],
    ["quotas-are-kept", "ResourceQuota default/q", quotaBefore("2026-01-01T00:00:00Z")],
    ["endpoints-are-pods", "EndpointSlice default/web-1", slice("gone", "10.244.0.9")],
    [
      "budgets-add-up",
      "PodDisruptionBudget default/z",
      object("PodDisruptionBudget", "z", {
        spec: {},
        status: { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 2 },
      }),
    ],
  ])("by %s: %s", (audit, name, culprit) => {
    const others = healthy.filter(({ kind }) => kind !== "EndpointSlice" || culprit.kind !== kind);
    const found = runAudits([...others, culprit]);
    expect(found.map((finding) => [finding.audit, finding.object])).toEqual([[audit, name]]);
  });
});

describe("pods of which there may be one are looked at", () => {
  const ownedBy = (kind: string, name: string, podName: string, spec: Content = {}) => {
    const uid = `${kind}-${name}`;
    const ownerReferences = [{ apiVersion: "apps/v1", kind, name, uid, controller: true }];
    const metadata = { uid: podName, ownerReferences };
    return object("Pod", podName, { metadata, spec: { containers: [], ...spec } });
  };
  const found = (objects: readonly KubeObject[]): string[] =>
    runAudits([node, ...objects]).map((finding) => `${finding.audit} ${finding.object}`);

  test("by their ordinals", () => {
    const owner = object("StatefulSet", "db", { spec: {} });
    const one = (name: string) => ownedBy("StatefulSet", "db", name);
    expect(found([owner, one("db-0"), one("db-1")])).toEqual([]);
    const odd = [one("db-1"), one("db-01"), one("db-x")];
    expect(found([owner, ...odd])).toEqual([
      "stateful-pods-are-single Pod default/db-01",
      "stateful-pods-are-single Pod default/db-x",
    ]);
  });

  test("by their nodes", () => {
    const owner = (maxSurge: number) =>
      object("DaemonSet", "logs", { spec: { updateStrategy: { rollingUpdate: { maxSurge } } } });
    const one = (name: string) => ownedBy("DaemonSet", "logs", name, { nodeName: "node-1" });
    expect(found([owner(1), one("a"), one("b")])).toEqual([]);
    expect(found([owner(0), one("a"), one("b")])).toEqual(["daemon-pods-are-single Pod default/b"]);
  });
});

describe("volumes are looked at", () => {
  const claim = (name: string, volumeName: string, spec: Content = {}) =>
    object("PersistentVolumeClaim", name, {
      metadata: { annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
      spec: { accessModes: ["ReadWriteOnce"], volumeName, ...spec },
      status: { phase: "Bound" },
    });
  const volume = (name: string, claimName: string, nodeName = "node-1") => {
    const matchFields = [{ key: "metadata.name", operator: "In", values: [nodeName] }];
    const nodeAffinity = { required: { nodeSelectorTerms: [{ matchFields }] } };
    const uid = `PersistentVolumeClaim-${claimName}`;
    const claimRef = { namespace: "default", name: claimName, uid };
    return object("PersistentVolume", name, { spec: { claimRef, nodeAffinity } });
  };
  const user = (name: string, claimName: string) =>
    object("Pod", name, {
      spec: {
        nodeName: "node-1",
        containers: [],
        volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
      },
    });
  const found = (...objects: KubeObject[]): string[] =>
    runAudits([node, ...objects]).map((finding) => `${finding.audit} ${finding.object}`);

  test("by their claims", () => {
    expect(found(claim("a", "v"), volume("v", "a"), user("p", "a"))).toEqual([]);
    expect(found(claim("a", "v"), claim("b", "v"), volume("v", "a"))).toEqual([
      "volumes-have-one-claim PersistentVolumeClaim default/b",
      "volumes-have-one-claim PersistentVolumeClaim default/b",
    ]);
  });

  test("by the nodes of the pods that use them, and how many may", () => {
    expect(found(claim("a", "v"), volume("v", "a", "other"), user("p", "a"))).toEqual([
      "pods-reach-their-volumes Pod default/p",
    ]);
    const alone = claim("a", "v", { accessModes: ["ReadWriteOncePod"] });
    expect(found(alone, volume("v", "a"), user("p", "a"), user("q", "a"))).toEqual([
      "pods-reach-their-volumes Pod default/q",
    ]);
  });
});

test("a quota that was lowered below what is used says nothing of what was there before", () => {
  expect(runAudits([...healthy, quotaBefore("2026-01-03T00:00:00Z")])).toEqual([]);
});

test("pods that have ended, and pods on the host's network, may share an address", () => {
  const ended = pod("z", "10.244.0.2", { status: { phase: "Failed", podIP: "10.244.0.2" } });
  const onHost = pod("y", "10.244.0.2", {}, { hostNetwork: true, containers: [] });
  expect(runAudits([...healthy, ended, onHost])).toEqual([]);
});

test("while controllers are at work, only what holds at every revision is checked", () => {
  const unowned = object("ConfigMap", "z", {
    metadata: { ownerReferences: [{ kind: "ReplicaSet", name: "x", uid: "gone" }] },
  });
  expect(runAudits([unowned], { atRest: false })).toEqual([]);
  expect(audits.some(({ isEventual }) => !isEventual)).toBe(true);
});
