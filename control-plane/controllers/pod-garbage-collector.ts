import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { KubeObject } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import {
  type Action,
  type Caches,
  defineController,
  type Reference,
  targetOf,
} from "#control-plane/controllers/controller";
import { disruptionTarget } from "#control-plane/controllers/disruption-target";
import { OUT_OF_SERVICE, readyCondition } from "#control-plane/controllers/node-lifecycle/taints";

/**
 * Deletes the pods that no agent will ever end: of nodes that are gone, of nodes that an administrator has
 * declared out of service, deleted before they had a node, and the oldest ended ones beyond the threshold.
 *
 * Invariant: a pod of a node that may still run it is not touched; so no two pods of one identity run.
 * Source: Kubernetes, "Pod Lifecycle: garbage collection of Pods", "Non-graceful node shutdown".
 */
export interface PodGarbageInput {
  readonly pod: Pod;
  readonly node: Node | undefined;
  /** Since when the node is known to be missing. */
  readonly nodeGoneMs: number;
  /** Ended pods beyond the threshold, the oldest first. */
  readonly surplus: readonly Pod[];
}

/** A node that comes back under its name within this time keeps its pods. */
export const QUARANTINE_MS = 40_000;

export const podGarbageCollector = defineController<Pod, PodGarbageInput>({
  name: "pod-garbage-collector",
  reconciles: podKind,
  watches: [{ kind: nodeKind, keysOf: podsConcerned }],
  workers: 1,
  observe(caches, key) {
    const pod = caches.get(podKind, key);
    if (!pod) return undefined;
    const { nodeName = "" } = pod.spec;
    return {
      pod,
      node: caches.get(nodeKind, nodeName),
      nodeGoneMs: caches.seen.nodes.goneMs(nodeName) ?? caches.sinceMs,
      surplus: isPodTerminal(pod) ? surplusOf(caches) : [],
    };
  },
  plan: planPodGarbage,
});

/** A healthy node's changes are many, and concern no pod. */
function podsConcerned({ metadata }: KubeObject, caches: Caches): readonly string[] {
  const node = caches.get(nodeKind, metadata.name);
  if (node && !isOutOfService(node)) return [];
  return caches
    .podsOnNode(metadata.name)
    .map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
}

function surplusOf(caches: Caches): readonly Pod[] {
  const ended = caches.endedPods();
  const count = ended.length - caches.settings.terminatedPodGcThreshold;
  if (count <= 0) return [];
  const rank = ({ status, metadata }: Pod): string =>
    `${status?.reason === "Evicted" ? 0 : 1} ${metadata.creationTimestamp} ${metadata.uid}`;
  return [...ended].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, count);
}

function isOutOfService(node: Node): boolean {
  return (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}

export function planPodGarbage(input: PodGarbageInput, nowMs: number): Action[] {
  const { pod, node, surplus } = input;
  const isGoing = pod.metadata.deletionTimestamp !== undefined;
  if (!pod.spec.nodeName) {
    return [...(isGoing ? end(pod) : []), ...surplus.map(forceDelete)];
  }
  if (!node) return planOrphan(input, nowMs);
  const isReady = readyCondition(node)?.status === "True";
  if (isGoing && isOutOfService(node) && !isReady) return end(pod);
  return surplus.map(forceDelete);
}

/** The cache may lag behind: only the API server knows that the node is not there. */
function planOrphan({ pod, nodeGoneMs }: PodGarbageInput, nowMs: number): Action[] {
  const { nodeName = "" } = pod.spec;
  const createdMs = Date.parse(pod.metadata.creationTimestamp ?? "") || 0;
  const dueMs = Math.max(nodeGoneMs, createdMs) + QUARANTINE_MS;
  if (dueMs > nowMs) return [{ type: "requeue", afterMs: dueMs - nowMs }];
  const node = { kind: nodeKind, namespace: undefined, name: nodeName, uid: undefined };
  const why = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" };
  const marks = isPodTerminal(pod) ? [] : disruptionTarget(pod, why, nowMs, { phase: "Failed" });
  return [...marks, forceDelete(pod)].map((action) => onlyWithout(node, action));
}

function onlyWithout(node: Reference, action: Action): Action {
  return action.type === "patch" || action.type === "delete"
    ? { ...action, onlyIfAbsent: [node] }
    : action;
}

/** What will never be finished has failed. */
function end(pod: Pod): Action[] {
  if (isPodTerminal(pod)) return [forceDelete(pod)];
  const body = { status: { phase: "Failed" } };
  const target = targetOf(pod);
  return [{ type: "patch", kind: podKind, target, subresource: "status", body }, forceDelete(pod)];
}

function forceDelete(pod: Pod): Action {
  return { type: "delete", kind: podKind, target: targetOf(pod), gracePeriodSeconds: 0 };
}
