import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { KubeObject } from "#api/machinery/meta";
import { toleratesTaint } from "#api/machinery/taints";
import type { Node, Pod, Taint } from "#api/schema/types";
import {
  type Action,
  type Caches,
  defineController,
  targetOf,
} from "#control-plane/controllers/controller";
import { disruptionTarget } from "#control-plane/controllers/disruption-target";

/**
 * Deletes the pods of a node that do not tolerate one of its NoExecute taints, at once or when their
 * tolerationSeconds are over, counted from the taint's timeAdded. A pod on a node that does not answer stays
 * Terminating until the node, its deletion or an out-of-service taint says that it has ended.
 * Source: Kubernetes, "Taints and Tolerations: taint based evictions".
 */
export interface TaintEvictionInput {
  readonly node: Node;
  readonly pods: readonly Pod[];
}

export const taintEvictionController = defineController<Node, TaintEvictionInput>({
  name: "taint-eviction",
  reconciles: nodeKind,
  watches: [{ kind: podKind, keysOf: nodeOfPod }],
  observe(caches, key) {
    const node = caches.get(nodeKind, key);
    if (!node || noExecuteTaints(node).length === 0) return undefined;
    return { node, pods: caches.podsOnNode(key) };
  },
  plan: planTaintEviction,
});

/** A pod of a healthy node is none of our business. */
function nodeOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  const { nodeName } = (pod as Pod).spec;
  const node = nodeName ? caches.get(nodeKind, nodeName) : undefined;
  return nodeName && node && noExecuteTaints(node).length > 0 ? [nodeName] : [];
}

function noExecuteTaints({ spec }: Node): Taint[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

export function planTaintEviction({ node, pods }: TaintEvictionInput, nowMs: number): Action[] {
  const taints = noExecuteTaints(node);
  const due: Pod[] = [];
  const actions: Action[] = [];
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp || isPodTerminal(pod)) continue;
    const atMs = Math.min(...taints.map((taint) => evictionTimeMs(pod, taint, nowMs)));
    if (atMs <= nowMs) due.push(pod);
    else if (atMs !== Infinity) actions.push({ type: "requeue", afterMs: atMs - nowMs });
  }
  // First every pod says why, then they go, many at a time.
  actions.push(...due.flatMap((pod) => markDisrupted(pod, nowMs)));
  actions.push(...due.map(evict));
  return actions;
}

function markDisrupted(pod: Pod, nowMs: number): Action[] {
  const reason = "DeletionByTaintManager";
  const message = "Taint manager: deleting due to NoExecute taint";
  return disruptionTarget(pod, { reason, message }, nowMs);
}

function evict(pod: Pod): Action {
  const message = `Marking for deletion Pod ${pod.metadata.namespace}/%NAME%`;
  return {
    type: "delete",
    kind: podKind,
    target: targetOf(pod),
    event: { about: pod, type: "Normal", reason: "TaintManagerEviction", message },
  };
}

function evictionTimeMs(pod: Pod, taint: Taint, nowMs: number): number {
  const tolerations = (pod.spec.tolerations ?? []).filter((toleration) =>
    toleratesTaint([toleration], taint),
  );
  if (tolerations.length === 0) return nowMs;
  const limits = tolerations.flatMap(({ tolerationSeconds }) =>
    tolerationSeconds == null ? [] : [tolerationSeconds],
  );
  if (limits.length === 0) return Infinity;
  const addedMs = taint.timeAdded ? Date.parse(taint.timeAdded) : nowMs;
  return addedMs + Math.max(0, Math.min(...limits)) * 1000;
}
