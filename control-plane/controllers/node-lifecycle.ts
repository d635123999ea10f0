import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { toleratesTaint } from "#api/machinery/taints";
import type { Lease, Node, NodeCondition, Pod, Taint } from "#api/schema/types";
import { type Action, defineController, targetOf } from "#control-plane/controllers/controller";
import { toMicroTime, toTime } from "#kit/clock";

/**
 * A node that stops renewing its Lease is lost: its conditions become Unknown, it is tainted, its pods count as
 * not ready at once and are evicted when their tolerations end. Source: Kubernetes, "Nodes: heartbeats".
 */
export interface NodeLifecycleInput {
  readonly node: Node;
  readonly lease: Lease | undefined;
  readonly pods: readonly Pod[];
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
    {
      kind: podKind,
      keysOf: (pod, caches) => {
        const name = (pod as Pod).spec.nodeName;
        // A pod of a healthy node is none of our business: only those of tainted nodes are looked at.
        const node = name ? caches.get(nodeKind, name) : undefined;
        return node?.spec?.taints?.some(({ effect }) => effect === "NoExecute")
          ? [node.metadata.name]
          : [];
      },
    },
  ],
  observe(caches, key) {
    const node = caches.get(nodeKind, key);
    if (!node) return undefined;
    const lease = caches.get(leaseKind, `${LEASE_NAMESPACE}/${key}`);
    return { node, lease, pods: caches.list(podKind).filter(({ spec }) => spec.nodeName === key) };
  },
  plan: planNodeLifecycle,
});

export function planNodeLifecycle(
  { node, lease, pods }: NodeLifecycleInput,
  nowMs: number,
): Action[] {
  const lastSeenMs = Date.parse(
    lease?.spec?.renewTime ?? node.metadata.creationTimestamp ?? toTime(nowMs),
  );
  const isLost = nowMs - lastSeenMs > GRACE_MS;
  const actions: Action[] = isLost
    ? planLost(node, nowMs)
    : [{ type: "requeue", afterMs: lastSeenMs + GRACE_MS - nowMs + 1 }];
  const taints = wantedTaints(node, isLost, nowMs);
  if (!isSameTaints(node.spec?.taints ?? [], taints)) {
    actions.push({
      type: "patch",
      kind: nodeKind,
      target: targetOf(node),
      body: { spec: { taints } },
    });
  }
  if (isLost) actions.push(...planNotReady(pods, nowMs));
  return [...actions, ...planEviction(pods, taints, nowMs)];
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
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready")?.status;
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
  return pods.filter(isPodReady).map((pod): Action => {
    const conditions = (pod.status?.conditions ?? []).map((condition) =>
      condition.type === "Ready"
        ? { ...condition, status: "False", lastTransitionTime: toTime(nowMs) }
        : condition,
    );
    return {
      type: "patch",
      kind: podKind,
      target: targetOf(pod),
      subresource: "status",
      body: { status: { conditions } },
    };
  });
}

/** NoExecute: at once, or when tolerationSeconds are over. */
function planEviction(pods: readonly Pod[], taints: readonly Taint[], nowMs: number): Action[] {
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

/** For tests and the simulation: a lease that was renewed now. */
export function renewedLease(name: string, nowMs: number): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: LEASE_NAMESPACE },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: toMicroTime(nowMs) },
  };
}
