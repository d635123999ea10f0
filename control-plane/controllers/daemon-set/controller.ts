import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { ControllerRevision, DaemonSet, Node, Pod } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { eligibilityOf } from "#control-plane/controllers/daemon-set/eligibility";
import { planDaemonSet } from "#control-plane/controllers/daemon-set/plan";
import { ownerKeys } from "#control-plane/controllers/ownership";

/** Keeps one pod of a template on every node that fits, and rolls a new template out node by node. */
export interface DaemonSetInput {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly Node[];
  /** Pods of the namespace that it owns or could adopt. */
  readonly candidates: readonly Pod[];
  /** ControllerRevisions of the namespace. */
  readonly revisions: readonly ControllerRevision[];
}

export const daemonSetController = defineController<DaemonSet, DaemonSetInput>({
  name: "daemonset",
  reconciles: daemonSetKind,
  watches: [
    { kind: podKind, keysOf: keysOfPod },
    { kind: nodeKind, keysOf: keysOfNode },
    {
      kind: controllerRevisionKind,
      keysOf: (revision, caches) => ownerKeys(revision, daemonSetKind, caches),
    },
  ],
  observe(caches, key) {
    const daemonSet = caches.get(daemonSetKind, key);
    if (!daemonSet) return undefined;
    const { namespace = "", uid = "" } = daemonSet.metadata;
    const orphans = caches.inNamespace(podKind, namespace).filter((pod) => !controllerOf(pod));
    return {
      daemonSet,
      nodes: caches.list(nodeKind),
      candidates: [...caches.ownedBy(podKind, uid), ...orphans],
      revisions: caches.inNamespace(controllerRevisionKind, namespace),
    };
  },
  plan: planDaemonSet,
});

function keysOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  if (controllerOf(pod)) return ownerKeys(pod, daemonSetKind, caches);
  const labels = pod.metadata.labels ?? {};
  return caches
    .inNamespace(daemonSetKind, pod.metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}

/**
 * Nodes change often (heartbeats, images) and seldom for a DaemonSet: only those are told whose wish for this
 * node differs from what runs there. A node before and after a change is asked about, and one of the two differs.
 */
function keysOfNode(object: KubeObject, caches: Caches): readonly string[] {
  const node = object as Node;
  const daemonSets = caches.list(daemonSetKind);
  if (!caches.get(nodeKind, node.metadata.name)) return daemonSets.map(keyOf);
  const owners = new Set(
    caches.podsOnNode(node.metadata.name).map((pod) => controllerOf(pod)?.uid),
  );
  return daemonSets
    .filter((set) => eligibilityOf(set, node).shouldRun !== owners.has(set.metadata.uid))
    .map(keyOf);
}
