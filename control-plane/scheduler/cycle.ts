import type { Plugin, PodToPlace } from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/snapshot";
import type { Rng } from "#kit/rng";

/**
 * One decision, pure: which node takes this pod, or why none does. Filters run in registry order and stop at
 * the first refusal per node; scores of all nodes that pass are normalized, weighted and summed; equals are
 * drawn by the generator given.
 */
export type Decision =
  | { readonly type: "place"; readonly nodeName: string }
  | { readonly type: "refuse"; readonly message: string; readonly plugins: ReadonlySet<string> };

interface Prepared {
  readonly plugin: Plugin;
  readonly value: unknown;
}

export function decide(
  pod: PodToPlace,
  nodes: Iterable<NodeState>,
  plugins: readonly Plugin[],
  rng: Rng,
): Decision {
  const prepared = plugins.map((plugin) => ({ plugin, value: plugin.prepare?.(pod) }));
  const isActive = ({ plugin, value }: Prepared): boolean => !plugin.prepare || value !== undefined;
  const active = prepared.filter(isActive);
  const filters = active.filter(({ plugin }) => plugin.filter);
  const feasible: NodeState[] = [];
  const reasons = new Map<string, number>();
  const refusing = new Set<string>();
  let total = 0;
  for (const node of nodes) {
    total++;
    const refusal = firstRefusal(pod, node, filters);
    if (!refusal) {
      feasible.push(node);
      continue;
    }
    refusing.add(refusal.plugin);
    for (const reason of refusal.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (feasible.length === 0) {
    return { type: "refuse", message: refusalMessage(total, reasons), plugins: refusing };
  }
  return { type: "place", nodeName: best(pod, feasible, active, rng).name };
}

function firstRefusal(
  pod: PodToPlace,
  node: NodeState,
  filters: readonly Prepared[],
): { plugin: string; reasons: readonly string[] } | undefined {
  for (const { plugin, value } of filters) {
    const reasons = plugin.filter?.(value, pod, node);
    if (reasons === undefined) continue;
    return { plugin: plugin.name, reasons: typeof reasons === "string" ? [reasons] : reasons };
  }
  return undefined;
}

function best(
  pod: PodToPlace,
  nodes: readonly NodeState[],
  active: readonly Prepared[],
  rng: Rng,
): NodeState {
  const totals = new Float64Array(nodes.length);
  for (const { plugin, value } of active) {
    if (!plugin.score || nodes.length === 1) continue;
    const scores = new Float64Array(nodes.length);
    nodes.forEach((node, i) => {
      scores[i] = plugin.score?.(value, pod, node) ?? 0;
    });
    plugin.normalize?.(scores);
    for (let i = 0; i < totals.length; i++)
      totals[i] = (totals[i] ?? 0) + (scores[i] ?? 0) * (plugin.weight ?? 1);
  }
  return nodes[drawMaximum(totals, rng)] as NodeState;
}

/** The index of the maximum; equals have equal chances (reservoir of one). */
function drawMaximum(totals: Float64Array, rng: Rng): number {
  let chosen = 0;
  let ties = 1;
  for (let i = 1; i < totals.length; i++) {
    const difference = (totals[i] ?? 0) - (totals[chosen] ?? 0);
    if (difference > 0) {
      chosen = i;
      ties = 1;
    } else if (difference === 0) {
      ties++;
      if (rng.next() < 1 / ties) chosen = i;
    }
  }
  return chosen;
}

/** "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu." as Kubernetes words it. */
export function refusalMessage(total: number, reasons: ReadonlyMap<string, number>): string {
  if (total === 0) return "no nodes available to schedule pods";
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${total} nodes are available: ${counted.join(", ")}.`;
}
