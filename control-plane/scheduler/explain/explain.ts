import {
  type ClusterView,
  isRefusal,
  type Plugin,
  type PodToPlace,
} from "#control-plane/scheduler/framework";
import { type Change, remedies } from "#control-plane/scheduler/explain/remedies";
import type { NodeState } from "#control-plane/scheduler/node-state";

/**
 * Why no node takes a pod, and the smallest changes after which one would. Pure. Costs every filter on every
 * node: for pods whose refusal is news, never for each attempt.
 */
export interface Explanation {
  /** Every reason with the number of nodes it excludes, the most excluding first. A node may have several. */
  readonly reasons: readonly { readonly reason: string; readonly nodes: number }[];
  /** Each one alone would do; the smallest first. As the end of "It would fit if ...". */
  readonly changes: readonly string[];
}

const MAX_CHANGES = 3;

interface Objection {
  readonly plugin: string;
  readonly reasons: readonly string[];
}

export function explain(
  pod: PodToPlace,
  plugins: readonly Plugin[],
  view: ClusterView,
): Explanation {
  const filters: { readonly plugin: Plugin; readonly prepared: unknown }[] = [];
  for (const plugin of plugins) {
    const prepared = plugin.prepare ? plugin.prepare(pod, view) : null;
    if (isRefusal(prepared)) return everywhere(prepared.reasons, view.snapshot.size);
    if (plugin.filter && prepared !== undefined) filters.push({ plugin, prepared });
  }
  const counts = new Map<string, number>();
  const best = new Map<string, Candidate>();
  for (const node of view.snapshot.nodes) {
    const objections = filters.flatMap(({ plugin, prepared }) => {
      const refusal = plugin.filter?.(prepared, pod, node);
      return refusal ? [{ plugin: plugin.name, reasons: refusal.reasons }] : [];
    });
    for (const reason of objections.flatMap(({ reasons }) => reasons)) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const change of changesFor(pod, node, objections)) keepBest(best, change, node.name);
  }
  return { reasons: ranked(counts), changes: smallest([...best.values()]) };
}

/** "It would fit if it needed 300m cpu less (node-3), or if node-1 were uncordoned."; undefined: nothing helps. */
export function adviceOf({ changes }: Explanation): string | undefined {
  return changes.length === 0 ? undefined : `It would fit if ${changes.join(", or if ")}.`;
}

interface Candidate {
  readonly change: Change;
  readonly nodes: string[];
}

/** With several objections, one change for each is needed. */
function changesFor(
  pod: PodToPlace,
  node: NodeState,
  objections: readonly Objection[],
): readonly Change[] {
  const perObjection = objections.map(({ plugin }) => remedies[plugin]?.(pod, node) ?? []);
  if (perObjection.length === 1) return perObjection[0] ?? [];
  const parts = perObjection.map(([first]) => first);
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return [];
  return [
    {
      key: parts.map(({ key }) => key).join(" and "),
      cost: parts.reduce((sum, { cost }) => sum + cost, parts.length),
      say: (nodes) => parts.map(({ say }) => say(nodes)).join(" and "),
    },
  ];
}

/** Of equal changes the cheapest stays, and a change that serves many nodes knows all of them. */
function keepBest(best: Map<string, Candidate>, change: Change, nodeName: string): void {
  const known = best.get(change.key);
  if (!known || change.cost < known.change.cost) {
    best.set(change.key, { change, nodes: [nodeName] });
  } else if (change.cost === known.change.cost) {
    known.nodes.push(nodeName);
  }
}

function smallest(candidates: readonly Candidate[]): string[] {
  return [...candidates]
    .sort((a, b) => a.change.cost - b.change.cost || b.nodes.length - a.nodes.length)
    .slice(0, MAX_CHANGES)
    .map(({ change, nodes }) => change.say(nodes));
}

function ranked(counts: ReadonlyMap<string, number>): Explanation["reasons"] {
  return [...counts]
    .map(([reason, nodes]) => ({ reason, nodes }))
    .sort((a, b) => b.nodes - a.nodes || a.reason.localeCompare(b.reason));
}

function everywhere(reasons: readonly string[], nodes: number): Explanation {
  return { reasons: reasons.map((reason) => ({ reason, nodes })), changes: [] };
}
