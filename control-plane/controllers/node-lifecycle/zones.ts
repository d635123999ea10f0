import type { Node } from "#api/schema/types";
import {
  readyCondition,
  unreachableOrNotReady,
} from "#control-plane/controllers/node-lifecycle/taints";
import type { ControllerSettings } from "#control-plane/controllers/settings";

/**
 * Whether the pods of a node that is not ready may be given up now. When many nodes fall silent at once it is
 * more likely that the network or the control plane is ill than that all of them are dead: then pods stay.
 * Source: Kubernetes, "Nodes: rate limits on eviction".
 */
export type EvictionVerdict =
  | { readonly type: "evict" }
  | { readonly type: "wait"; readonly afterMs: number }
  /** No node is known to live: also what was decided before is taken back. */
  | { readonly type: "suspend" };

export interface Neighbourhood {
  /** All nodes of the cluster. */
  readonly nodes: readonly Node[];
  /** When the control plane last heard of a node. */
  heardMs(node: Node): number;
  readonly settings: ControllerSettings;
}

/** How soon to look again where nothing says when it will be different. */
export const HELD_MS = 10_000;

export function evictionVerdict(
  node: Node,
  neighbourhood: Neighbourhood,
  nowMs: number,
): EvictionVerdict {
  const { nodes, settings } = neighbourhood;
  const living = nodes.filter((other) => isLiving(other, neighbourhood, nowMs));
  if (living.length === 0) return { type: "suspend" };
  // The first nodes have just come back: the others get as long to do the same.
  const steadyMs = Math.min(...living.map(readySinceMs)) + settings.nodeMonitorGraceMs;
  if (steadyMs > nowMs) return { type: "wait", afterMs: steadyMs - nowMs };
  const zone = zoneOf(node);
  const peers = nodes.filter((other) => zoneOf(other) === zone);
  const deadCount = peers.length - living.filter((other) => zoneOf(other) === zone).length;
  const rate = evictionRate(peers.length, deadCount, settings);
  if (rate <= 0) return { type: "wait", afterMs: HELD_MS };
  const lastMs = Math.max(...peers.filter((other) => other !== node).map(givenUpMs));
  const dueMs = lastMs + 1000 / rate;
  return dueMs > nowMs ? { type: "wait", afterMs: dueMs - nowMs } : { type: "evict" };
}

/** Ready, and not silent for so long that it may have been cut off together with others. */
function isLiving(node: Node, { heardMs, settings }: Neighbourhood, nowMs: number): boolean {
  const silentMs = nowMs - heardMs(node);
  return readyCondition(node)?.status === "True" && silentMs < settings.nodeMonitorGraceMs / 2;
}

function readySinceMs(node: Node): number {
  return Date.parse(readyCondition(node)?.lastTransitionTime ?? "") || 0;
}

/** When its pods began to be driven away; -Infinity: they are not. */
function givenUpMs({ spec }: Node): number {
  const times = (spec?.taints ?? [])
    .filter((taint) => unreachableOrNotReady(taint) && taint.effect === "NoExecute")
    .map(({ timeAdded }) => Date.parse(timeAdded ?? "") || 0);
  return Math.max(Number.NEGATIVE_INFINITY, ...times);
}

export function zoneOf({ metadata }: Node): string {
  const labels = metadata.labels ?? {};
  return `${labels["topology.kubernetes.io/region"] ?? ""}/${labels["topology.kubernetes.io/zone"] ?? ""}`;
}

/** Nodes per second. Up to two dead nodes, and a zone that is dead as a whole among others, are normal. */
export function evictionRate(
  nodeCount: number,
  deadCount: number,
  settings: ControllerSettings,
): number {
  const isPartial =
    deadCount < nodeCount &&
    deadCount > 2 &&
    deadCount / nodeCount >= settings.unhealthyZoneThreshold;
  if (!isPartial) return settings.nodeEvictionRate;
  return nodeCount > settings.largeClusterSizeThreshold ? settings.secondaryNodeEvictionRate : 0;
}
