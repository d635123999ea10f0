import fc from "fast-check";
import { expect, test } from "vitest";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { toleratesTaint } from "#api/machinery/taints";
import type {
  LabelSelector,
  Node,
  Pod,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from "#api/schema/types";
import { isRefusal, type Plugin } from "#control-plane/scheduler/framework";
import { interPodAffinity } from "#control-plane/scheduler/plugins/inter-pod-affinity";
import { podTopologySpread } from "#control-plane/scheduler/plugins/pod-topology-spread";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { viewOf } from "#test/support/scheduling";
import {
  anyPod,
  anyStep,
  applyStep,
  emptyCluster,
  type PlainCluster,
} from "#test/support/scheduling-arbitraries";

/**
 * The rules for pods among pods, written plainly: they look at every pod there is, in each decision. The plugins,
 * which read running counts, must say the same after any history.
 */
function matches(selector: LabelSelector | undefined, labels: Pod["metadata"]["labels"]): boolean {
  return selector !== undefined && selectorFromLabelSelector(selector).matches(labels ?? {});
}

function selects(term: PodAffinityTerm, owner: Pod, other: Pod, cluster: PlainCluster): boolean {
  const { namespaces = [], namespaceSelector, labelSelector } = term;
  const there = other.metadata.namespace ?? "";
  const isOwn = namespaces.length === 0 && !namespaceSelector;
  const team = cluster.teams.get(there);
  const isThere = isOwn
    ? there === owner.metadata.namespace
    : namespaces.includes(there) || matches(namespaceSelector, team === undefined ? {} : { team });
  const own = owner.metadata.labels ?? {};
  const theirs = other.metadata.labels ?? {};
  const keys = (names: readonly string[] | undefined) =>
    (names ?? []).filter((key) => own[key] !== undefined);
  return (
    isThere &&
    matches(labelSelector, theirs) &&
    keys(term.matchLabelKeys).every((key) => theirs[key] === own[key]) &&
    keys(term.mismatchLabelKeys).every((key) => theirs[key] !== own[key])
  );
}

/** Pods in the same domain as the node; a pod on a node that is not there is nowhere. */
function podsAround(cluster: PlainCluster, node: Node, key: string): Pod[] {
  const domain = node.metadata.labels?.[key];
  if (domain === undefined) return [];
  return [...cluster.pods.values()].filter(
    ({ spec }) => domainOf(cluster, spec.nodeName, key) === domain,
  );
}

function domainOf(
  cluster: PlainCluster,
  nodeName: string | undefined,
  key: string,
): string | undefined {
  return cluster.nodes.get(nodeName ?? "")?.metadata.labels?.[key];
}

const affinityOf = ({ spec }: Pod) => spec.affinity?.podAffinity ?? {};
const antiAffinityOf = ({ spec }: Pod) => spec.affinity?.podAntiAffinity ?? {};
const required = (part: ReturnType<typeof affinityOf>) =>
  part.requiredDuringSchedulingIgnoredDuringExecution ?? [];
const preferred = (part: ReturnType<typeof affinityOf>) =>
  part.preferredDuringSchedulingIgnoredDuringExecution ?? [];

function plainAffinity(pod: Pod, node: Node, cluster: PlainCluster): string | undefined {
  const wanted = required(affinityOf(pod));
  const isFriend = (other: Pod) => wanted.every((term) => selects(term, pod, other, cluster));
  const hasLabels = wanted.every(
    ({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined,
  );
  const isMet = wanted.every(({ topologyKey }) =>
    podsAround(cluster, node, topologyKey).some(isFriend),
  );
  const isFirst =
    isFriend(pod) &&
    ![...cluster.pods.values()].some(
      (other) =>
        isFriend(other) &&
        wanted.some(
          ({ topologyKey }) => domainOf(cluster, other.spec.nodeName, topologyKey) !== undefined,
        ),
    );
  if (!hasLabels || !(isMet || isFirst)) return "node(s) didn't match pod affinity rules";
  const refuses = (term: PodAffinityTerm) =>
    podsAround(cluster, node, term.topologyKey).some((other) => selects(term, pod, other, cluster));
  if (required(antiAffinityOf(pod)).some(refuses))
    return "node(s) didn't match pod anti-affinity rules";
  const isRefusedBy = (other: Pod) =>
    required(antiAffinityOf(other)).some(
      (term) =>
        selects(term, other, pod, cluster) &&
        podsAround(cluster, node, term.topologyKey).includes(other),
    );
  return [...cluster.pods.values()].some(isRefusedBy)
    ? "node(s) didn't satisfy existing pods anti-affinity rules"
    : undefined;
}

function plainAffinityScore(pod: Pod, node: Node, cluster: PlainCluster): number {
  let sum = 0;
  for (const other of cluster.pods.values()) {
    const add = (term: PodAffinityTerm, owner: Pod, target: Pod, weight: number) => {
      const isAround = podsAround(cluster, node, term.topologyKey).includes(other);
      if (isAround && selects(term, owner, target, cluster)) sum += weight;
    };
    for (const { podAffinityTerm, weight } of preferred(affinityOf(pod)))
      add(podAffinityTerm, pod, other, weight);
    for (const { podAffinityTerm, weight } of preferred(antiAffinityOf(pod)))
      add(podAffinityTerm, pod, other, -weight);
    for (const { podAffinityTerm, weight } of preferred(affinityOf(other)))
      add(podAffinityTerm, other, pod, weight);
    for (const { podAffinityTerm, weight } of preferred(antiAffinityOf(other)))
      add(podAffinityTerm, other, pod, -weight);
    for (const term of required(affinityOf(other))) add(term, other, pod, 1);
  }
  return sum;
}

function plainSpread(pod: Pod, node: Node, cluster: PlainCluster): string | undefined {
  const hard = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
  );
  for (const one of hard) {
    const domain = node.metadata.labels?.[one.topologyKey];
    if (domain === undefined) {
      return "node(s) didn't match pod topology spread constraints (missing required label)";
    }
    const counts = spreadCounts(one, hard, pod, cluster);
    const isShort = counts.size < (one.minDomains ?? 1);
    const fewest = isShort ? 0 : Math.min(...counts.values());
    const own = isCounted(one, pod, pod) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + own - fewest > one.maxSkew) {
      return "node(s) didn't match pod topology spread constraints";
    }
  }
  return undefined;
}

function isCounted(one: TopologySpreadConstraint, pod: Pod, other: Pod): boolean {
  const own = pod.metadata.labels ?? {};
  const theirs = other.metadata.labels ?? {};
  return (
    other.metadata.namespace === pod.metadata.namespace &&
    matches(one.labelSelector, theirs) &&
    (one.matchLabelKeys ?? []).every((key) => own[key] === undefined || theirs[key] === own[key])
  );
}

function spreadCounts(
  one: TopologySpreadConstraint,
  all: readonly TopologySpreadConstraint[],
  pod: Pod,
  cluster: PlainCluster,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, { metadata, spec }] of cluster.nodes) {
    const labels = metadata.labels ?? {};
    const isEligible =
      all.every(({ topologyKey }) => labels[topologyKey] !== undefined) &&
      (one.nodeAffinityPolicy === "Ignore" ||
        Object.entries(pod.spec.nodeSelector ?? {}).every(
          ([key, value]) => labels[key] === value,
        )) &&
      (one.nodeTaintsPolicy !== "Honor" ||
        (spec.taints ?? []).every(
          (taint) =>
            taint.effect === "PreferNoSchedule" ||
            toleratesTaint(pod.spec.tolerations ?? [], taint),
        ));
    const domain = labels[one.topologyKey];
    if (!isEligible || domain === undefined) continue;
    const here = [...cluster.pods.values()].filter(
      (other) =>
        other.spec.nodeName === name &&
        !other.metadata.deletionTimestamp &&
        isCounted(one, pod, other),
    );
    counts.set(domain, (counts.get(domain) ?? 0) + here.length);
  }
  return counts;
}

function refusalBy(
  plugin: Plugin,
  pod: Pod,
  nodeName: string,
  snapshot: Snapshot,
): string | undefined {
  const place = toPlace(pod);
  const prepared = plugin.prepare?.(place, viewOf(snapshot));
  const node = snapshot.get(nodeName);
  if (prepared === undefined || isRefusal(prepared) || !node) return undefined;
  return plugin.filter?.(prepared, place, node)?.reasons.join();
}

function scoreBy(plugin: Plugin, pod: Pod, nodeName: string, snapshot: Snapshot): number {
  const place = toPlace(pod);
  const view = viewOf(snapshot);
  const prepared = plugin.prepareScore?.(
    plugin.prepare?.(place, view),
    place,
    snapshot.nodes,
    view,
  );
  const node = snapshot.get(nodeName);
  return prepared === undefined || !node ? 0 : (plugin.score?.(prepared, place, node) ?? 0);
}

const history = fc.array(fc.tuple(anyStep, anyPod), { maxLength: 25 });

/** Runs a history; after each step a pod asks about every node. */
function afterEachStep(
  check: (pod: Pod, node: Node, cluster: PlainCluster, snapshot: Snapshot) => void,
) {
  const property = fc.property(history, (steps) => {
    const cluster = emptyCluster();
    const snapshot = new Snapshot();
    for (const [step, candidate] of steps) {
      applyStep(step, cluster, snapshot);
      for (const node of cluster.nodes.values()) check(candidate, node, cluster, snapshot);
    }
  });
  fc.assert(property, { numRuns: 300 });
}

test("pod (anti-)affinity from running counts is what looking at every pod gives", () => {
  afterEachStep((pod, node, cluster, snapshot) => {
    const name = node.metadata.name;
    expect(refusalBy(interPodAffinity, pod, name, snapshot)).toBe(
      plainAffinity(pod, node, cluster),
    );
  });
});

test("preferences of pods for pods are summed as by looking at every pair", () => {
  afterEachStep((pod, node, cluster, snapshot) => {
    const name = node.metadata.name;
    expect(scoreBy(interPodAffinity, pod, name, snapshot)).toBe(
      plainAffinityScore(pod, node, cluster),
    );
  });
});

test("topology spread from running counts is what counting every pod gives", () => {
  afterEachStep((pod, node, cluster, snapshot) => {
    const name = node.metadata.name;
    expect(refusalBy(podTopologySpread, pod, name, snapshot)).toBe(plainSpread(pod, node, cluster));
  });
});
