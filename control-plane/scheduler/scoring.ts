import type { Attempt } from "#control-plane/scheduler/attempt";
import type { NodeState } from "#control-plane/scheduler/node-state";
import type { Slot } from "#control-plane/scheduler/profile";
import type { Rng } from "#kit/rng";

/** The node with the highest sum of weighted scores; equals have equal chances. */
export function bestNode(attempt: Attempt, nodes: readonly NodeState[], rng: Rng): NodeState {
  if (nodes.length === 1) return nodes[0] as NodeState;
  return nodes[drawMaximum(totalScores(attempt, nodes), rng)] as NodeState;
}

export function totalScores(attempt: Attempt, nodes: readonly NodeState[]): Float64Array {
  const totals = attempt.column(0, nodes.length);
  const scores = attempt.column(1, nodes.length);
  attempt.plainScores(nodes, totals);
  const { normalizedScorers, clusterScorers } = attempt.profile;
  normalizedScorers.forEach((slot, column) => {
    const prepared = attempt.preparedBy(slot);
    if (!prepared || !attempt.rawScores(column, nodes, scores)) return;
    slot.plugin.normalize?.(scores, prepared.value, nodes);
    addWeighted(totals, scores, slot.plugin.weight);
  });
  for (const slot of clusterScorers) {
    const { plugin } = slot;
    const value = scoringValue(attempt, slot, nodes);
    if (value === undefined || !plugin.score) continue;
    for (let i = 0; i < nodes.length; i++)
      scores[i] = plugin.score(value, attempt.pod, nodes[i] as NodeState);
    plugin.normalize?.(scores, value, nodes);
    addWeighted(totals, scores, plugin.weight);
  }
  return totals;
}

/** What `score` is handed; undefined: the plugin scores nothing. */
function scoringValue(attempt: Attempt, slot: Slot, nodes: readonly NodeState[]): unknown {
  const prepared = attempt.preparedBy(slot);
  const { prepareScore } = slot.plugin;
  if (prepareScore) return prepareScore(prepared?.value, attempt.pod, nodes, attempt.view);
  return prepared?.value;
}

function addWeighted(totals: Float64Array, scores: Float64Array, weight = 1): void {
  for (let i = 0; i < totals.length; i++)
    totals[i] = (totals[i] as number) + (scores[i] as number) * weight;
}

/** The index of the maximum; equals have equal chances (reservoir of one). */
function drawMaximum(totals: Float64Array, rng: Rng): number {
  let chosen = 0;
  let ties = 1;
  for (let i = 1; i < totals.length; i++) {
    const difference = (totals[i] as number) - (totals[chosen] as number);
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
