import { Attempt } from "#control-plane/scheduler/attempt";
import type { FewNodes } from "#control-plane/scheduler/few-nodes";
import type {
  ClusterView,
  FailedAttempt,
  PodToPlace,
  RoomPlan,
} from "#control-plane/scheduler/framework";
import { LocalVerdicts } from "#control-plane/scheduler/local-verdicts";
import type { NodeState } from "#control-plane/scheduler/node-state";
import { type CycleProfile, enoughNodes } from "#control-plane/scheduler/profile";
import {
  countOf,
  type Refused,
  RefusedNodes,
  refusedOfFew,
} from "#control-plane/scheduler/refused";
import { refusalMessage } from "#control-plane/scheduler/refusal-message";
import { bestNode } from "#control-plane/scheduler/scoring";
import type { Rng } from "#kit/rng";

/**
 * One decision: which node takes this pod, or why none does. It reads the snapshot and changes nothing but its
 * own memory, which decides where the search begins and what need not be asked again.
 *
 * Filters run in registry order and stop at the first refusal per node. In a large cluster the search ends when
 * enough nodes can take the pod, and the next one begins where this ended. Scores of the nodes found are
 * normalized, weighted and summed; equals are drawn by the generator given.
 */
export type Decision =
  | { readonly type: "place"; readonly nodeName: string }
  | {
      readonly type: "refuse";
      readonly message: string;
      /** Who refused: their hints say when to try again. */
      readonly plugins: ReadonlySet<string>;
      /** How room can be made; undefined: it cannot, or nobody tried. */
      readonly room?: RoomPlan;
    };

export interface Cycle {
  readonly view: ClusterView;
  readonly profile: CycleProfile;
  readonly rng: Rng;
  readonly memory: CycleMemory;
}

/** What one decision leaves for the next; losing it costs time and changes no rule. */
export class CycleMemory {
  readonly verdicts = new LocalVerdicts();
  startAt = 0;
}

/** What a search over nodes found. */
interface Search {
  readonly feasible: readonly NodeState[];
  readonly refused: Refused;
  /** Nodes that were not looked at because a plugin named the only ones worth it, and which did. */
  readonly leftOut: number;
  readonly narrowedBy: readonly string[];
}

export function decide(pod: PodToPlace, cycle: Cycle): Decision {
  const { view, profile, memory, rng } = cycle;
  memory.verdicts.trim();
  const attempt = new Attempt(pod, profile, view, memory.verdicts);
  const refusedAtOnce = attempt.prepare();
  if (refusedAtOnce) {
    const { plugin, refusal } = refusedAtOnce;
    const reason = `${refusal.reasons.join(", ")}.`;
    const search = { feasible: [], refused: new RefusedNodes(), leftOut: 0, narrowedBy: [] };
    return refuse(attempt, search, { reason, plugins: [plugin] });
  }
  const kept = view.snapshot.nominatedNode(pod.key);
  if (kept && attempt.codeFor(kept) === 0) return { type: "place", nodeName: kept.name };
  const search = searchNodes(attempt, memory);
  if (search.feasible.length > 0) {
    return { type: "place", nodeName: bestNode(attempt, search.feasible, rng).name };
  }
  return refuse(attempt, search);
}

function searchNodes(attempt: Attempt, memory: CycleMemory): Search {
  const { snapshot } = attempt.view;
  const all = snapshot.nodes;
  const narrowed = attempt.narrowed();
  if (!narrowed) {
    attempt.keepVerdicts(snapshot.indexCount);
    return { ...lookAt(attempt, all, memory), leftOut: 0, narrowedBy: [] };
  }
  const nodes: NodeState[] = [];
  for (const name of narrowed.names) {
    const node = snapshot.get(name);
    if (node) nodes.push(node);
  }
  const leftOut = all.length - nodes.length;
  return { ...lookAt(attempt, nodes, undefined), leftOut, narrowedBy: narrowed.plugins };
}

type Looked = Pick<Search, "feasible" | "refused">;

function lookAt(
  attempt: Attempt,
  nodes: readonly NodeState[],
  memory: CycleMemory | undefined,
): Looked {
  const enough = enoughNodes(nodes.length, attempt.profile.percentageOfNodesToScore);
  const few = memory && attempt.few(enough);
  if (few) return lookAtFew(attempt, few);
  const feasible: NodeState[] = [];
  const start = memory && nodes.length > 0 ? memory.startAt % nodes.length : 0;
  let looked = 0;
  // Where asking again costs little, refusals are collected only when nothing else is found.
  let refused = attempt.answersAgain ? undefined : new RefusedNodes();
  while (looked < nodes.length && feasible.length < enough) {
    const at = start + looked++;
    const node = nodes[at < nodes.length ? at : at - nodes.length] as NodeState;
    const code = attempt.codeFor(node);
    if (code === 0) feasible.push(node);
    else refused?.add(node, code);
  }
  if (memory) memory.startAt = start + looked;
  if (memory && feasible.length < enough) attempt.rememberFew();
  if (!refused) {
    refused = new RefusedNodes();
    if (feasible.length === 0) for (const node of nodes) refused.add(node, attempt.codeFor(node));
  }
  return { feasible, refused };
}

function lookAtFew(attempt: Attempt, few: FewNodes): Looked {
  const { snapshot } = attempt.view;
  const own = snapshot.nominatedNode(attempt.pod.key);
  const feasible: NodeState[] = [];
  for (const index of few.feasible) {
    const node = snapshot.at(index);
    if (node && node !== own) feasible.push(node);
  }
  const ownCode = own && attempt.codeFor(own);
  if (own && ownCode === 0) feasible.push(own);
  return {
    feasible,
    refused: refusedOfFew(few, snapshot, own && { node: own, code: ownCode ?? 0 }),
  };
}

function refuse(
  attempt: Attempt,
  search: Search,
  atOnce?: { readonly reason: string; readonly plugins: readonly string[] },
): Decision {
  const total = attempt.view.snapshot.size;
  const plugins = new Set(atOnce?.plugins ?? search.narrowedBy);
  const reasons = new Map<string, number>();
  const count = (reason: string, nodes: number): void => {
    reasons.set(reason, (reasons.get(reason) ?? 0) + nodes);
  };
  for (const [code, nodes] of search.refused.counts) {
    const found = attempt.refusal(code);
    if (!found) continue;
    plugins.add(found.plugin);
    for (const reason of found.refusal.reasons) count(reason, nodes);
  }
  if (search.leftOut > 0 && !atOnce) {
    count(`node(s) didn't satisfy plugin(s) [${search.narrowedBy.join(" ")}]`, search.leftOut);
  }
  const room = total === 0 ? undefined : makeRoom(attempt, search.refused);
  const message = [
    atOnce && total > 0
      ? `0/${total} nodes are available: ${atOnce.reason}`
      : refusalMessage(total, reasons),
    ...(room?.message ? [room.message] : []),
  ].join(" ");
  return { type: "refuse", message, plugins, ...(room ? { room } : {}) };
}

/** The first plugin that finds a way to make room, or says that there must be none; else what all say. */
function makeRoom(attempt: Attempt, refused: Refused): RoomPlan | undefined {
  const isFinal = (code: number): boolean => attempt.refusal(code)?.refusal.isFinal === true;
  let candidates: readonly NodeState[] | undefined;
  const failed: FailedAttempt = {
    view: attempt.view,
    nodeCount: attempt.view.snapshot.size,
    candidateCount: countOf(refused, (code) => !isFinal(code)),
    get candidates() {
      candidates ??= refused.nodesWithout(isFinal);
      return candidates;
    },
    refusedForGood: (node) => isFinal(attempt.codeFor(node)),
    isLocal: attempt.isLocal,
    refusalNow: (node) => attempt.freshRefusal(node)?.refusal,
  };
  const messages: string[] = [];
  let isAsked = false;
  for (const { plugin } of attempt.profile.slots) {
    if (!plugin.postFilter) continue;
    isAsked = true;
    const plan = plugin.postFilter(attempt.pod, failed);
    if (plan.nodeName !== undefined || plan.isFinal) return plan;
    if (plan.message) messages.push(plan.message);
  }
  return isAsked ? { victims: [], message: messages.join(", ") } : undefined;
}
