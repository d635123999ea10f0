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
  type Question,
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

function whyNotEligible(
  pod: PodToPlace,
  { view, refusedForGood }: FailedAttempt,
): string | undefined {
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
  const { view, nodeCount, candidateCount } = attempt;
  const reasons = new Map<string, number>();
  const count = (reason: string, nodes: number): void => {
    if (nodes > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + nodes);
  };
  const sayNo = (refusal: Refusal | undefined): void => {
    for (const reason of refusal?.reasons ?? [NO_VICTIMS]) count(reason, 1);
  };
  if (!view.snapshot.hasPodBelow(pod.priority)) count(NO_VICTIMS, candidateCount);
  else {
    const question = questionAbout(pod, attempt);
    const prices = attempt.isLocal
      ? followedPrices(question, attempt, sayNo)
      : askedPrices(question, attempt, sayNo);
    const best = cheapest(prices);
    if (best) return { nodeName: best.node.name, victims: best.victims, message: "" };
  }
  count(NO_HELP, nodeCount - candidateCount);
  return { victims: [], message: `preemption: ${refusalMessage(nodeCount, reasons)}` };
}

function questionAbout(pod: PodToPlace, { view, refusalNow }: FailedAttempt): Question {
  const budgets = view.lister(podDisruptionBudgetKind).list();
  return { pod, snapshot: view.snapshot, budgets, refusalNow };
}

function ask(question: Question, node: NodeState): Answer {
  const found = selectVictims(question, node);
  return found === undefined || isRefusal(found) ? found : priceOf(found);
}

type SayNo = (refusal: Refusal | undefined) => void;

const memoryOf = ({ view }: FailedAttempt): Memory =>
  view.own<Memory>(NAME, () => ({ startAt: 0, known: new KnownPrices() }));

const enoughOf = (candidates: number): number =>
  Math.max(MIN_CANDIDATES, Math.floor(candidates / 10));

/** Asks nodes, beginning where the last comparison ended, until enough have a price. */
function askedPrices(question: Question, attempt: FailedAttempt, sayNo: SayNo): Price[] {
  const { candidates } = attempt;
  const memory = memoryOf(attempt);
  const enough = enoughOf(candidates.length);
  const start = memory.startAt % Math.max(1, candidates.length);
  const prices: Price[] = [];
  let isPeaceful = false;
  let looked = 0;
  while (looked < candidates.length && !(isPeaceful && prices.length >= enough)) {
    const answer = ask(question, candidates[(start + looked++) % candidates.length] as NodeState);
    if (answer === undefined || isRefusal(answer)) sayNo(answer);
    else {
      prices.push(answer);
      isPeaceful ||= answer.candidate.violations === 0;
    }
  }
  memory.startAt = start + looked;
  return prices;
}

/** The same for a pod about which each node answers for itself: what is known of unchanged nodes is not asked again. */
function followedPrices(question: Question, attempt: FailedAttempt, sayNo: SayNo): Iterable<Price> {
  const { pod, snapshot } = question;
  const { view, candidateCount, refusedForGood } = attempt;
  const version = view.version(podDisruptionBudgetKind);
  const signature = `${pod.profile}|${pod.priority}|${pod.signature}`;
  const list = memoryOf(attempt).known.for(signature, version);
  list.follow(snapshot);
  const enough = enoughOf(candidateCount);
  while (list.prices.size < enough || list.peaceful === 0) {
    const node = list.next(snapshot);
    if (!node) break;
    if (!refusedForGood(node)) list.answered(node, ask(question, node));
  }
  if (list.prices.size === 0) for (const refusal of list.refusals.values()) sayNo(refusal);
  const prices = [...list.prices.values()];
  // To its siblings the pod's own claim on a node is another's: what it hears there is not theirs.
  const own = snapshot.nominatedNode(pod.key);
  const ownAnswer = own && !refusedForGood(own) ? ask(question, own) : undefined;
  if (ownAnswer && !isRefusal(ownAnswer)) prices.push(ownAnswer);
  return prices;
}
