import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady } from "#api/kinds/pod-status";
import type { KubeObject } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import {
  type NodeLifecycleInput,
  planNodeLifecycle,
} from "#control-plane/controllers/node-lifecycle/plan";
import { UNREACHABLE } from "#control-plane/controllers/node-lifecycle/taints";

/**
 * A node that stops renewing its Lease is lost: its conditions become Unknown, its pods count as not ready at
 * once, and it is tainted; what the taints do to pods is taint-eviction's. Conditions of pressure become taints too.
 *
 * Invariant: one node at a time, so that the rate at which nodes are given up is seen on the nodes themselves.
 * Source: Kubernetes, "Nodes: node controller", "Taint Nodes by Condition".
 */
export const LEASE_NAMESPACE = "kube-node-lease";

export const nodeLifecycleController = defineController<Node, NodeLifecycleInput>({
  name: "node-lifecycle",
  reconciles: nodeKind,
  watches: [
    { kind: leaseKind, keysOf: nodeOfLease },
    { kind: podKind, keysOf: nodeOfPod },
  ],
  workers: 1,
  observe(caches, key) {
    const node = caches.get(nodeKind, key);
    if (!node) return undefined;
    const neighbourhood = {
      nodes: caches.list(nodeKind),
      heardMs: (one: Node) => heardMs(caches, one),
      settings: caches.settings,
    };
    return { node, pods: caches.podsOnNode(key), neighbourhood };
  },
  plan: planNodeLifecycle,
});

/** By this process's clock: a lease is renewed by the clock of whichever server the node is connected to. */
function heardMs({ seen, sinceMs }: Caches, { metadata }: Node): number {
  const renewedMs = seen.leases.changedMs(`${LEASE_NAMESPACE}/${metadata.name}`);
  const createdMs = Date.parse(metadata.creationTimestamp ?? "") || 0;
  return renewedMs ?? Math.max(sinceMs, createdMs);
}

/** Renewals are many, and expected: only that of a node thought lost is news. */
function nodeOfLease({ metadata }: KubeObject, caches: Caches): readonly string[] {
  if (metadata.namespace !== LEASE_NAMESPACE) return [];
  return isUnreachable(caches, metadata.name) ? [metadata.name] : [];
}

/** A late report must not make a pod of a lost node ready again. */
function nodeOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  const { nodeName } = (pod as Pod).spec;
  return nodeName && isPodReady(pod as Pod) && isUnreachable(caches, nodeName) ? [nodeName] : [];
}

function isUnreachable(caches: Caches, nodeName: string): boolean {
  const taints = caches.get(nodeKind, nodeName)?.spec.taints ?? [];
  return taints.some(({ key }) => key === UNREACHABLE);
}
