import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import type { KubeObject } from "#api/machinery/meta";
import { toleratesTaint } from "#api/machinery/taints";
import type { Lease, Node, NodeCondition, Pod, Taint } from "#api/schema/types";
import {
  type Action,
  type Caches,
  defineController,
  targetOf,
} from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/**
 * A node that stops renewing its Lease is lost: its conditions become Unknown, it is tainted, its pods count as
 * not ready at once and are evicted when their tolerations end. The pods of a node that was deleted go with it.
 * Source: Kubernetes, "Nodes: heartbeats", "Taint based evictions", "Pod garbage collection".
 */
export interface NodeLifecycleInput {
  readonly nodeName: string;
  readonly node: Node | undefined;
  readonly lease: Lease | undefined;
  /** Nobody was listening before: an older lease says nothing yet. */
  readonly sinceMs: number;
  readonly pods: readonly Pod[];
  /** Without a ready node elsewhere there is nothing to be gained by evicting pods of an unreachable one. */
  readonly hasReadyPeer: boolean;
}

/** Source: Kubernetes' --node-monitor-grace-period. */
export const GRACE_MS = 40_000;
const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";
const OURS = new Set([NOT_READY, UNREACHABLE]);
const LEASE_NAMESPACE = "kube-node-lease";

export const nodeLifecycleController = defineController<Node, NodeLifecycleInput>({
  name: "node-lifecycle",
  reconciles: nodeKind,
  watches: [
    { kind: podKind, keysOf: nodeOfPod },
    { kind: leaseKind, keysOf: nodeOfLease },
  ],
  observe(caches, key) {
    const node = caches.get(nodeKind, key);
    const lease = caches.get(leaseKind, `${LEASE_NAMESPACE}/${key}`);
    const pods = caches.podsOnNode(key);
    const isReadyPeer = (other: Node): boolean => other !== node && readiness(other) === "True";
    const hasReadyPeer = caches.list(nodeKind).some(isReadyPeer);
    return { nodeName: key, node, lease, sinceMs: caches.sinceMs, pods, hasReadyPeer };
  },
  plan: planNodeLifecycle,
});

/** A pod of a healthy node is none of our business: only those of tainted and of missing nodes are looked at. */
function nodeOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  const { nodeName } = (pod as Pod).spec;
  if (!nodeName) return [];
  const node = caches.get(nodeKind, nodeName);
  const isConcerned = !node || node.spec.taints?.some(({ effect }) => effect === "NoExecute");
  return isConcerned ? [nodeName] : [];
}

/** Renewals are many, and expected: only that of a node thought lost is news. */
function nodeOfLease({ metadata }: KubeObject, caches: Caches): readonly string[] {
  if (metadata.namespace !== LEASE_NAMESPACE) return [];
  const taints = caches.get(nodeKind, metadata.name)?.spec.taints ?? [];
  return taints.some(({ key }) => key === UNREACHABLE) ? [metadata.name] : [];
}

export function planNodeLifecycle(input: NodeLifecycleInput, nowMs: number): Action[] {
  const { node, lease, pods } = input;
  if (!node) return planOrphans(input);
  const heardMs = Date.parse(
    lease?.spec?.renewTime ?? node.metadata.creationTimestamp ?? toTime(nowMs),
  );
  const dueMs = Math.max(heardMs, input.sinceMs) + GRACE_MS;
  const isLost = nowMs > dueMs;
  const actions: Action[] = [];
  const taints = wantedTaints(node, isLost, nowMs);
  if (!isSameTaints(node.spec.taints ?? [], taints)) {
    // The whole list is written: not over a taint that somebody else has set meanwhile.
    const { resourceVersion } = node.metadata;
    const body = { metadata: { resourceVersion }, spec: { taints } };
    actions.push({ type: "patch", kind: nodeKind, target: targetOf(node), body });
  }
  if (isLost) actions.push(...planLost(node, nowMs), ...planNotReady(pods, nowMs));
  else actions.push({ type: "requeue", afterMs: dueMs - nowMs + 1 });
  return [...actions, ...planEviction(input, taints, nowMs)];
}

/** Nobody will stop them any more, and nobody runs them. */
function planOrphans({ nodeName, pods }: NodeLifecycleInput): Action[] {
  const node = { kind: nodeKind, namespace: undefined, name: nodeName, uid: undefined };
  return pods.map(
    (pod): Action => ({
      type: "delete",
      kind: podKind,
      target: targetOf(pod),
      gracePeriodSeconds: 0,
      onlyIfAbsent: [node],
    }),
  );
}

function readiness(node: Node): string | undefined {
  return node.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}

/** The agent's own words are replaced by "it stopped telling". */
function planLost(node: Node, nowMs: number): Action[] {
  const conditions = node.status?.conditions ?? [];
  if (conditions.length > 0 && conditions.every(({ status }) => status === "Unknown")) return [];
  const names = conditions.length > 0 ? conditions.map(({ type }) => type) : ["Ready"];
  const next = names.map((type): NodeCondition => {
    const known = conditions.find((candidate) => candidate.type === type);
    return {
      ...known,
      type,
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime: known?.status === "Unknown" ? known.lastTransitionTime : toTime(nowMs),
    };
  });
  const about = node;
  return [
    {
      type: "patch",
      kind: nodeKind,
      target: targetOf(node),
      patchType: "strategic",
      subresource: "status",
      body: { status: { conditions: next } },
    },
    {
      type: "event",
      event: {
        about,
        type: "Normal",
        reason: "NodeNotReady",
        message: `Node ${node.metadata.name} status is now: NodeNotReady`,
      },
    },
  ];
}

function wantedTaints(node: Node, isLost: boolean, nowMs: number): Taint[] {
  const others = (node.spec?.taints ?? []).filter(({ key }) => !OURS.has(key));
  const ready = readiness(node);
  const key =
    isLost || ready === "Unknown" ? UNREACHABLE : ready === "True" ? undefined : NOT_READY;
  if (!key) return others;
  const known = node.spec?.taints?.find(
    (taint) => taint.key === key && taint.effect === "NoExecute",
  );
  return [
    ...others,
    { key, effect: "NoSchedule" },
    { key, effect: "NoExecute", timeAdded: known?.timeAdded ?? toTime(nowMs) },
  ];
}

function isSameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  const plain = (taints: readonly Taint[]): string =>
    taints
      .map(({ key, value, effect }) => `${key}=${value ?? ""}:${effect}`)
      .sort()
      .join();
  return plain(a) === plain(b);
}

/** Services stop sending to pods of a lost node at once; whether the pods still run nobody knows. */
function planNotReady(pods: readonly Pod[], nowMs: number): Action[] {
  const lastTransitionTime = toTime(nowMs);
  // Merged by type: the ingress has conditions of its own there.
  const conditions = [{ type: "Ready", status: "False", lastTransitionTime }];
  return pods.filter(isPodReady).map(
    (pod): Action => ({
      type: "patch",
      kind: podKind,
      target: targetOf(pod),
      patchType: "strategic",
      subresource: "status",
      body: { status: { conditions } },
    }),
  );
}

/** NoExecute: at once, or when tolerationSeconds are over. */
function planEviction(
  { pods, hasReadyPeer }: NodeLifecycleInput,
  taints: readonly Taint[],
  nowMs: number,
): Action[] {
  const noExecute = taints.filter(({ effect }) => effect === "NoExecute");
  if (noExecute.length === 0) return [];
  const actions: Action[] = [];
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp || isPodTerminal(pod)) continue;
    const dueMs = Math.min(...noExecute.map((taint) => evictionTimeMs(pod, taint, nowMs)));
    if (dueMs === Infinity) continue;
    if (dueMs > nowMs) {
      actions.push({ type: "requeue", afterMs: dueMs - nowMs });
      continue;
    }
    if (!hasReadyPeer && noExecute.every(({ key }) => key === UNREACHABLE)) {
      actions.push({ type: "requeue", afterMs: GRACE_MS });
      continue;
    }
    const message = `Marking for deletion Pod ${pod.metadata.namespace}/%NAME%`;
    actions.push({
      type: "delete",
      kind: podKind,
      target: targetOf(pod),
      event: { about: pod, type: "Normal", reason: "TaintManagerEviction", message },
    });
  }
  return actions;
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
