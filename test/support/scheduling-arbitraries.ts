import fc from "fast-check";
import type {
  LabelSelector,
  Node,
  Pod,
  PodAffinityTerm,
  PodSpec,
  TopologySpreadConstraint,
} from "#api/schema/types";
import type { Snapshot } from "#control-plane/scheduler/snapshot";
import { node, pod } from "#test/support/workloads";

/** Small random clusters in which everything that can collide does. */
export const nodeNames = ["n0", "n1", "n2", "n3", "n4"];
export const podNames = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"];
const namespaces = ["x", "y"];
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(one, { nil: undefined });

const labels = fc
  .record({ app: optional(fc.constantFrom("a", "b")), tier: optional(fc.constantFrom("s", "t")) })
  .map(present);

const labelSelector = optional<LabelSelector>(
  fc.constantFrom<LabelSelector>(
    {},
    { matchLabels: { app: "a" } },
    { matchLabels: { tier: "s" } },
    { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] },
    { matchExpressions: [{ key: "app", operator: "Exists" }] },
  ),
);

const topologyKey = fc.constantFrom("zone", "kubernetes.io/hostname");

const term: fc.Arbitrary<PodAffinityTerm> = fc
  .record({
    topologyKey,
    labelSelector,
    namespaces: optional(fc.subarray(namespaces)),
    namespaceSelector: optional<LabelSelector>(
      fc.constantFrom<LabelSelector>({}, { matchLabels: { team: "t" } }),
    ),
    matchLabelKeys: optional(fc.constant(["app"])),
    mismatchLabelKeys: optional(fc.constant(["tier"])),
  })
  .map((one) => present(one) as unknown as PodAffinityTerm);

const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 2 });
const weighted = fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term });

const podAffinity = fc.record({
  requiredDuringSchedulingIgnoredDuringExecution: few(term),
  preferredDuringSchedulingIgnoredDuringExecution: few(weighted),
});

const spread: fc.Arbitrary<TopologySpreadConstraint> = fc
  .record({
    topologyKey,
    labelSelector,
    maxSkew: fc.integer({ min: 1, max: 2 }),
    minDomains: optional(fc.integer({ min: 1, max: 4 })),
    whenUnsatisfiable: fc.constantFrom("DoNotSchedule", "ScheduleAnyway"),
    nodeAffinityPolicy: optional(fc.constantFrom("Honor", "Ignore")),
    nodeTaintsPolicy: optional(fc.constantFrom("Honor", "Ignore")),
    matchLabelKeys: optional(fc.constant(["tier"])),
  })
  .map((one) => present(one) as unknown as TopologySpreadConstraint);

const tolerations = optional(fc.constant([{ key: "k", operator: "Exists" }]));

const spec: fc.Arbitrary<Partial<PodSpec>> = fc
  .record({
    priority: fc.constantFrom(0, 1, 2),
    cpu: fc.constantFrom("100m", "1", "2"),
    hostPort: optional(fc.constantFrom(80, 81)),
    nodeSelector: optional(fc.constant({ disk: "ssd" })),
    affinity: optional(fc.record({ podAffinity, podAntiAffinity: podAffinity })),
    topologySpreadConstraints: few(spread),
    tolerations,
  })
  .map(({ cpu, hostPort, ...rest }) => ({
    ...present(rest),
    containers: [
      {
        name: "main",
        resources: { requests: { cpu } },
        ...(hostPort ? { ports: [{ containerPort: 80, hostPort }] } : {}),
      },
    ],
  }));

export const anyPod: fc.Arbitrary<Pod> = fc
  .record({
    name: fc.constantFrom(...podNames),
    namespace: fc.constantFrom(...namespaces),
    labels,
    spec,
  })
  .map(({ name, namespace, labels: own, spec: wanted }) => {
    const made = pod(name, { labels: own, spec: wanted });
    return { ...made, metadata: { ...made.metadata, namespace, uid: `${namespace}-${name}` } };
  });

export const anyNode: fc.Arbitrary<Node> = fc
  .record({
    name: fc.constantFrom(...nodeNames),
    zone: optional(fc.constantFrom("z1", "z2", "z3")),
    hasName: fc.boolean(),
    disk: optional(fc.constantFrom("ssd", "hdd")),
    taint: optional(fc.constantFrom("NoSchedule", "PreferNoSchedule")),
    cpu: fc.constantFrom("2", "4"),
  })
  .map(({ name, zone, hasName, disk, taint, cpu }) => {
    const taints = taint ? [{ key: "k", value: "v", effect: taint }] : [];
    const made = node(name, { taints, cpu });
    const host = hasName ? name : undefined;
    const own = present({ zone, disk, "kubernetes.io/hostname": host });
    return { ...made, metadata: { ...made.metadata, labels: own } };
  });

/** What happens to a cluster. */
export type Step =
  | { readonly type: "node"; readonly node: Node }
  | { readonly type: "nodeGone"; readonly name: string }
  | {
      readonly type: "pod";
      readonly pod: Pod;
      readonly nodeName: string;
      readonly isDeleted: boolean;
    }
  | { readonly type: "podGone"; readonly key: string }
  | { readonly type: "namespace"; readonly name: string; readonly team: string };

const at = fc.constantFrom(...nodeNames);
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anyNode.map((one): Step => ({ type: "node", node: one })) },
  { weight: 1, arbitrary: at.map((name): Step => ({ type: "nodeGone", name })) },
  {
    weight: 6,
    arbitrary: fc
      .record({ pod: anyPod, nodeName: at, isDeleted: fc.constantFrom(false, false, true) })
      .map((one): Step => ({ type: "pod", ...one })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...namespaces), fc.constantFrom(...podNames))
      .map(([namespace, name]): Step => ({ type: "podGone", key: `${namespace}/${name}` })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ name: fc.constantFrom(...namespaces), team: fc.constantFrom("t", "u") })
      .map((one): Step => ({ type: "namespace", ...one })),
  },
);

/** The same cluster as plain lists. */
export interface PlainCluster {
  readonly nodes: Map<string, Node>;
  /** With spec.nodeName; by namespace/name. */
  readonly pods: Map<string, Pod>;
  readonly teams: Map<string, string>;
}

export const emptyCluster = (): PlainCluster => ({
  nodes: new Map(),
  pods: new Map(),
  teams: new Map(),
});

export function applyStep(step: Step, cluster: PlainCluster, snapshot: Snapshot): void {
  switch (step.type) {
    case "node":
      cluster.nodes.set(step.node.metadata.name, step.node);
      snapshot.setNode(step.node);
      return;
    case "nodeGone":
      cluster.nodes.delete(step.name);
      snapshot.removeNode(step.name);
      return;
    case "pod": {
      const { pod: one, nodeName, isDeleted } = step;
      const metadata = { ...one.metadata, ...(isDeleted ? { deletionTimestamp: "now" } : {}) };
      const placed = { ...one, metadata, spec: { ...one.spec, nodeName } };
      cluster.pods.set(`${metadata.namespace}/${metadata.name}`, placed);
      snapshot.setPod(placed);
      return;
    }
    case "podGone":
      cluster.pods.delete(step.key);
      snapshot.removePod(step.key);
      return;
    case "namespace":
      cluster.teams.set(step.name, step.team);
      snapshot.topology.setNamespace(step.name, { team: step.team });
  }
}

function present(record: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
