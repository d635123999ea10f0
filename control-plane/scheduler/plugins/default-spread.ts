import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { serviceKind } from "#api/kinds/service";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { selectorFromLabelSelector, selectorFromMap } from "#api/machinery/labels";
import { controllerOf } from "#api/machinery/meta";
import type { LabelSelector } from "#api/schema/types";
import type { ClusterView, PodToPlace } from "#control-plane/scheduler/framework";
import type { SpreadConstraint } from "#control-plane/scheduler/plugins/spread-constraints";
import { everyNode } from "#control-plane/scheduler/topology/domain-column";
import { podSelector } from "#control-plane/scheduler/topology/pod-selector";

/** The defaults of Kubernetes: hosts should not differ by more than 3 pods, zones by 5. */
const DEFAULTS = [
  { topologyKey: "kubernetes.io/hostname", maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
];

const SOURCES = [serviceKind, replicaSetKind, statefulSetKind, replicationControllerKind];
const MAX_KEPT = 4096;

interface Kept {
  version: number;
  readonly constraints: Map<string, readonly SpreadConstraint[]>;
}

/** For a pod without constraints of its own: apart from the pods of its Services and its owner. */
export function defaultSpreadConstraints(
  pod: PodToPlace,
  view: ClusterView,
): readonly SpreadConstraint[] {
  const kept = view.own<Kept>("PodTopologySpread", () => ({ version: -1, constraints: new Map() }));
  let version = 0;
  for (const kind of SOURCES) version += view.version(kind);
  if (kept.version !== version || kept.constraints.size >= MAX_KEPT) {
    kept.constraints.clear();
    kept.version = version;
  }
  const owner = controllerOf(pod.pod);
  const key = `${pod.podClass.key}|${owner?.kind ?? ""}/${owner?.name ?? ""}`;
  const known = kept.constraints.get(key);
  if (known) return known;
  const constraints = derive(pod, view);
  kept.constraints.set(key, constraints);
  return constraints;
}

function derive(pod: PodToPlace, view: ClusterView): readonly SpreadConstraint[] {
  const { namespace } = pod.podClass;
  const wanted = mergedSelector(pod, view);
  if (!wanted) return [];
  const selector = podSelector({
    namespaces: [namespace],
    labelSelector: selectorFromLabelSelector(wanted),
  });
  return DEFAULTS.map(({ topologyKey, maxSkew }) => ({
    selector,
    topologyKey,
    maxSkew,
    minDomains: 1,
    nodeFilter: everyNode,
    countsTerminating: false,
  }));
}

/** What all Services that select the pod and its owner's selector ask for together; undefined: nothing selects it. */
function mergedSelector(pod: PodToPlace, view: ClusterView): LabelSelector | undefined {
  const { namespace, labels } = pod.podClass;
  const matchLabels: Record<string, string> = {};
  for (const { spec } of view.lister(serviceKind).inNamespace(namespace)) {
    if (selectorFromMap(spec.selector).matches(labels)) Object.assign(matchLabels, spec.selector);
  }
  const owner = ownerSelector(pod, view);
  Object.assign(matchLabels, owner?.matchLabels);
  const matchExpressions = owner?.matchExpressions ?? [];
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return undefined;
  return { matchLabels, matchExpressions };
}

function ownerSelector(
  { pod, podClass }: PodToPlace,
  view: ClusterView,
): LabelSelector | undefined {
  const owner = controllerOf(pod);
  if (!owner) return undefined;
  const key = `${podClass.namespace}/${owner.name}`;
  switch (owner.kind) {
    case "ReplicaSet":
      return view.lister(replicaSetKind).get(key)?.spec.selector;
    case "StatefulSet":
      return view.lister(statefulSetKind).get(key)?.spec.selector;
    case "ReplicationController": {
      const selector = view.lister(replicationControllerKind).get(key)?.spec.selector;
      return selector && { matchLabels: selector };
    }
    default:
      return undefined;
  }
}
