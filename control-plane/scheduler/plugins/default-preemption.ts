import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import {
  type FailedAttempt,
  isRefusal,
  type Plugin,
  type PodToPlace,
  type Refusal,
  type RoomPlan,
} from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/node-state";
import { type Answer, KnownPrices } from "#control-plane/scheduler/preemption/known-prices";
import {
  cheapest,
  type Price,
  priceOf,
  selectVictims,
} from "#control-plane/scheduler/preemption/victims";
import { refusalMessage } from "#control-plane/scheduler/refusal-message";

const NAME = "DefaultPreemption";
const NO_HELP = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";

/** Of a large cluster a tenth is compared, and never fewer than this. */
const MIN_CANDIDATES = 100;

/** What is kept between attempts: where the next comparison begins, and what nodes cost. */
interface Memory {
  startAt: number;
  readonly known: KnownPrices;
}

/**
 * A pod that fits nowhere may take the place of pods of lower priority. Of the nodes compared the one is chosen
 * whose victims cost least; they end, and the node is kept for the pod until it comes.
 */
export const defaultPreemption: Plugin = {
  name: NAME,
  watches: [podDisruptionBudgetKind],
  postFilter(pod, attempt) {
    const problem = whyNotEligible(pod, attempt);
    if (problem) return { victims: [], message: `preemption: ${problem}` };
    return planRoom(pod, attempt);
  },
  retryOn: {},
};

function whyNotEligible(pod: PodToPlace, { view, refusedForGood }: FailedAttempt): string | undefined {
  if (pod.pod.spec.preemptionPolicy === "Never") {
    return "not eligible due to preemptionPolicy=Never.";
  }
  const kept = view.snapshot.nominatedNode(pod.key);
  if (!kept || refusedForGood(kept)) return undefined;
  for (const { pod: other, priority } of kept.pods.values()) {
    if (priority < pod.priority && other.metadata.deletionTimestamp) {
      return "not eligible due to a terminating pod on the nominated node.";
    }
  }
  return undefined;
}

function planRoom(pod: PodToPlace, attempt: FailedAttempt): RoomPlan {
  const { view, nodeCount, candidates } = attempt;
  const reasons = new Map<string, number>();
  const count = (reason: string, nodes: number): void => {
    if (nodes > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + nodes);
  };
  count(NO_HELP, nodeCount - candidates.length);
  if (view.snapshot.hasPodBelow(pod.priority)) {
    const prices = comparePrices(pod, attempt, (refusal) => {
      for (const reason of refusal?.reasons ?? [NO_VICTIMS]) count(reason, 1);
    });
    const best = cheapest(prices);
    if (best) return { nodeName: best.node.name, victims: best.victims, message: "" };
  } else count(NO_VICTIMS, candidates.length);
  return { victims: [], message: `preemption: ${refusalMessage(nodeCount, reasons)}` };
}

/** Asks nodes, beginning where the last comparison ended, until enough have a price. */
function comparePrices(
  pod: PodToPlace,
  attempt: FailedAttempt,
  onRefusal: (refusal: Refusal | undefined) => void,
): Price[] {
  const { view, candidates } = attempt;
  const memory = view.own<Memory>(NAME, () => ({ startAt: 0, known: new KnownPrices() }));
  const ask = asking(pod, attempt, memory.known);
  const enough = Math.max(MIN_CANDIDATES, Math.floor(candidates.length / 10));
  const start = memory.startAt % Math.max(1, candidates.length);
  const prices: Price[] = [];
  let isPeaceful = false;
  let looked = 0;
  while (looked < candidates.length && !(isPeaceful && prices.length >= enough)) {
    const answer = ask(candidates[(start + looked++) % candidates.length] as NodeState);
    if (answer === undefined || isRefusal(answer)) {
      onRefusal(answer);
      continue;
    }
    prices.push(answer);
    if (answer.candidate.violations === 0) isPeaceful = true;
  }
  memory.startAt = start + looked;
  return prices;
}

/** What room on a node costs, asked once per version of the node where that is all it hangs on. */
function asking(
  pod: PodToPlace,
  { view, refusalNow, isLocal }: FailedAttempt,
  prices: KnownPrices,
): (node: NodeState) => Answer {
  const { snapshot } = view;
  const budgets = view.lister(podDisruptionBudgetKind).list();
  const now = (node: NodeState): Answer => {
    const found = selectVictims({ pod, snapshot, budgets, refusalNow }, node);
    return found === undefined || isRefusal(found) ? found : priceOf(found);
  };
  if (!isLocal) return now;
  const signature = `${pod.profile}|${pod.priority}|${pod.signature}`;
  const known = prices.for(signature, view.version(podDisruptionBudgetKind));
  return (node) => {
    const version = snapshot.versionOf(node.index);
    const before = known.get(node.index);
    // The pod's own claim on a node makes it another question than for its siblings.
    if (before?.version === version) return before.answer;
    const answer = now(node);
    if (snapshot.nominatedNode(pod.key) !== node) known.set(node.index, { version, answer });
    return answer;
  };
}
