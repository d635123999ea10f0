import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady } from "#api/kinds/pod-status";
import type { Node, NodeCondition, Pod, Taint } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import {
  foreignTaints,
  hasNoExecute,
  isSameTaints,
  noExecuteTaint,
  noScheduleTaints,
  readyCondition,
} from "#control-plane/controllers/node-lifecycle/taints";
import {
  evictionVerdict,
  HELD_MS,
  type Neighbourhood,
} from "#control-plane/controllers/node-lifecycle/zones";
import { toTime } from "#kit/clock";

export interface NodeLifecycleInput {
  readonly node: Node;
  readonly pods: readonly Pod[];
  readonly neighbourhood: Neighbourhood;
}

/** One look at a node: is it lost, what do its conditions become, and which taints follow from them. */
export function planNodeLifecycle(input: NodeLifecycleInput, nowMs: number): Action[] {
  const { node, pods, neighbourhood } = input;
  const dueMs = lostAtMs(node, neighbourhood);
  const isLost = nowMs > dueMs;
  const conditions = isLost ? lostConditions(node, nowMs) : (node.status?.conditions ?? []);
  const { taints, requeues } = wantedTaints(input, conditions, nowMs);
  const actions: Action[] = [];
  if (!isSameTaints(node.spec.taints ?? [], taints)) actions.push(setTaints(node, taints));
  if (isLost) actions.push(...planLost(node, conditions), ...planNotReady(pods, nowMs));
  else actions.push({ type: "requeue", afterMs: dueMs - nowMs + 1 });
  return [...actions, ...requeues];
}

function lostAtMs(node: Node, { heardMs, settings }: Neighbourhood): number {
  const hasSpoken = readyCondition(node) !== undefined;
  const { nodeMonitorGraceMs, nodeStartupGraceMs } = settings;
  const graceMs = hasSpoken ? nodeMonitorGraceMs : Math.max(nodeStartupGraceMs, nodeMonitorGraceMs);
  return heardMs(node) + graceMs;
}

interface Tainting {
  readonly taints: readonly Taint[];
  readonly requeues: readonly Action[];
}

function wantedTaints(
  { node, neighbourhood }: NodeLifecycleInput,
  conditions: readonly NodeCondition[],
  nowMs: number,
): Tainting {
  const calm = [...foreignTaints(node), ...noScheduleTaints(node, conditions, nowMs)];
  const noExecute = noExecuteTaint(node, conditions, nowMs);
  if (!noExecute) return { taints: calm, requeues: [] };
  const verdict = evictionVerdict(node, neighbourhood, nowMs);
  const isWanted = verdict.type === "evict" || (verdict.type === "wait" && hasNoExecute(node));
  if (isWanted) return { taints: [...calm, noExecute], requeues: [] };
  const afterMs = verdict.type === "wait" ? verdict.afterMs : HELD_MS;
  return { taints: calm, requeues: [{ type: "requeue", afterMs }] };
}

/** The whole list is written: not over a taint that somebody else has set meanwhile. */
function setTaints(node: Node, taints: readonly Taint[]): Action {
  const { resourceVersion } = node.metadata;
  const body = { metadata: { resourceVersion }, spec: { taints } };
  return { type: "patch", kind: nodeKind, target: targetOf(node), body };
}

const watchedConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** The agent's own words are replaced by "it stopped telling". */
function lostConditions(node: Node, nowMs: number): readonly NodeCondition[] {
  const conditions = node.status?.conditions ?? [];
  const others = conditions.filter(({ type }) => !watchedConditions.includes(type));
  return [...others, ...watchedConditions.map((type) => unknownCondition(node, type, nowMs))];
}

function unknownCondition(node: Node, type: string, nowMs: number): NodeCondition {
  const known = node.status?.conditions?.find((one) => one.type === type);
  if (known?.status === "Unknown") return known;
  const lastTransitionTime = toTime(nowMs);
  if (known) {
    const reason = "NodeStatusUnknown";
    const message = "Kubelet stopped posting node status.";
    return { ...known, status: "Unknown", reason, message, lastTransitionTime };
  }
  return {
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: node.metadata.creationTimestamp,
    lastTransitionTime,
  };
}

function planLost(node: Node, conditions: readonly NodeCondition[]): Action[] {
  const changed = conditions.filter((one) => !node.status?.conditions?.includes(one));
  if (changed.length === 0) return [];
  const patch: Action = {
    type: "patch",
    kind: nodeKind,
    target: targetOf(node),
    patchType: "strategic",
    subresource: "status",
    body: { status: { conditions: changed } },
  };
  if (readyCondition(node)?.status !== "True") return [patch];
  const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
  const event = { about: node, type: "Normal", reason: "NodeNotReady", message } as const;
  return [patch, { type: "event", event }];
}

/** Services stop sending to pods of a lost node at once; whether the pods still run nobody knows. */
function planNotReady(pods: readonly Pod[], nowMs: number): Action[] {
  const lastTransitionTime = toTime(nowMs);
  // Merged by type: the ingress has conditions of its own there.
  const conditions = [{ type: "Ready", status: "False", lastTransitionTime }];
  return pods.filter(isPodReady).flatMap((pod): Action[] => [
    {
      type: "patch",
      kind: podKind,
      target: targetOf(pod),
      patchType: "strategic",
      subresource: "status",
      body: { status: { conditions } },
    },
    {
      type: "event",
      event: { about: pod, type: "Warning", reason: "NodeNotReady", message: "Node is not ready" },
    },
  ]);
}
