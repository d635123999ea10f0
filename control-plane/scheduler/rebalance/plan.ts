import { isPodTerminal } from "#api/kinds/pod-status";
import { isPodReady } from "#api/kinds/pod-status";
import { toleratesTaint } from "#api/machinery/taints";
import { controllerOf } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import { podGroupOf } from "#api/kinds/pod-group";
import { allocatableOf, type PlacedPod } from "#control-plane/scheduler/node-state";
import { matchesNodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { placedPod } from "#control-plane/scheduler/pod-shape";
import type { RebalanceSettings } from "#control-plane/scheduler/rebalance/settings";

/** A pod that should be evicted so that it, or rather its successor, finds a place elsewhere. */
export interface Move {
  readonly pod: Pod;
  readonly from: string;
  /** Percent of the fuller resource there, before the move. */
  readonly fromPercent: number;
  /** A node with room for it. Where the successor goes is the scheduler's decision. */
  readonly to: string;
}

/** Pods that say no. */
export const KEEP_ANNOTATION = "kaji.dev/rebalance";
/** From here on a priority belongs to pods that the cluster itself needs. */
const SYSTEM_PRIORITY = 2_000_000_000;

/**
 * At most `limit` moves from nodes above the high mark to nodes below the low mark. Pure.
 *
 * Invariants (held by plan.test.ts):
 * - A move never fills its target above the high mark, nor above what its source is left with: moving back is
 *   never an improvement, and repeated planning ends.
 * - A pod that nobody would make anew, and one that belongs to its node, is never moved.
 */
export function planMoves(
  nodes: readonly Node[],
  pods: readonly Pod[],
  settings: RebalanceSettings,
  limit: number,
): Move[] {
  const loads = loadsOf(nodes, pods);
  const moves: Move[] = [];
  const overfull = [...loads.values()]
    .filter((load) => percentOf(load) > settings.highPercent)
    .sort((a, b) => percentOf(b) - percentOf(a));
  for (const source of overfull) {
    for (const pod of movable(source)) {
      const fromPercent = percentOf(source);
      if (moves.length >= limit || fromPercent <= settings.highPercent) break;
      const target = bestTarget(source, pod, loads.values(), settings);
      if (!target) continue;
      shift(pod, source, target);
      const to = target.node.metadata.name;
      moves.push({ pod: pod.pod, from: source.node.metadata.name, fromPercent, to });
    }
  }
  return moves;
}

interface Load {
  readonly node: Node;
  readonly pods: PlacedPod[];
  readonly cpuAll: number;
  readonly memoryAll: number;
  readonly podsAll: number;
  cpu: number;
  memory: number;
  count: number;
}

function loadsOf(nodes: readonly Node[], pods: readonly Pod[]): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const node of nodes) {
    const all = allocatableOf(node);
    const amounts = { cpuAll: all.cpuMillis, memoryAll: all.memoryBytes, podsAll: all.pods };
    loads.set(node.metadata.name, { node, pods: [], ...amounts, cpu: 0, memory: 0, count: 0 });
  }
  for (const pod of pods) {
    const load = loads.get(pod.spec.nodeName ?? "");
    if (!load || isPodTerminal(pod)) continue;
    const placed = placedPod(pod);
    load.pods.push(placed);
    add(load, placed, 1);
  }
  return loads;
}

function add(load: Load, { requests }: PlacedPod, sign: 1 | -1): void {
  load.cpu += sign * requests.cpuMillis;
  load.memory += sign * requests.memoryBytes;
  load.count += sign;
}

function shift(pod: PlacedPod, source: Load, target: Load): void {
  add(source, pod, -1);
  add(target, pod, 1);
}

/** Of the fuller of cpu and memory. */
function percentOf(load: Load, extra?: PlacedPod): number {
  const cpu = load.cpu + (extra?.requests.cpuMillis ?? 0);
  const memory = load.memory + (extra?.requests.memoryBytes ?? 0);
  const part = (used: number, all: number): number => (all === 0 ? 100 : (used * 100) / all);
  return Math.max(part(cpu, load.cpuAll), part(memory, load.memoryAll));
}

/** Those that matter least first, and of equals the largest: fewer pods are disturbed. */
function movable({ pods }: Load): PlacedPod[] {
  return pods
    .filter(({ pod, priority }) => priority < SYSTEM_PRIORITY && mayMove(pod))
    .sort((a, b) => a.priority - b.priority || b.requests.cpuMillis - a.requests.cpuMillis);
}

function mayMove(pod: Pod): boolean {
  const owner = controllerOf(pod);
  return (
    owner !== undefined &&
    owner.kind !== "DaemonSet" &&
    owner.kind !== "Job" &&
    pod.metadata.annotations?.[KEEP_ANNOTATION] !== "false" &&
    !pod.metadata.deletionTimestamp &&
    isPodReady(pod) &&
    !podGroupOf(pod) &&
    // What it wrote there would be lost.
    !(pod.spec.volumes ?? []).some(({ emptyDir, hostPath }) => emptyDir ?? hostPath)
  );
}

function bestTarget(
  source: Load,
  pod: PlacedPod,
  loads: Iterable<Load>,
  { lowPercent, highPercent }: RebalanceSettings,
): Load | undefined {
  const left = Math.min(highPercent, percentAfterLeaving(source, pod));
  let best: Load | undefined;
  for (const load of loads) {
    if (load === source || percentOf(load) >= lowPercent || load.count >= load.podsAll) continue;
    if (!takes(load.node, pod.pod) || percentOf(load, pod) > left) continue;
    if (!best || percentOf(load) < percentOf(best)) best = load;
  }
  return best;
}

function percentAfterLeaving(source: Load, pod: PlacedPod): number {
  add(source, pod, -1);
  const percent = percentOf(source);
  add(source, pod, 1);
  return percent;
}

function takes(node: Node, { spec }: Pod): boolean {
  const isReady = node.status?.conditions?.some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  const isTolerated = (node.spec.taints ?? []).every(
    (taint) => taint.effect === "PreferNoSchedule" || toleratesTaint(spec.tolerations ?? [], taint),
  );
  return (
    isReady === true && !node.spec.unschedulable && isTolerated && matchesNodeAffinity(spec, node)
  );
}
