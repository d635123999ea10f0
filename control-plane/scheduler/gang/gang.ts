import { selectorFromMap } from "#api/machinery/labels";
import type { Pod } from "#api/schema/types";
import {
  type ClusterView,
  type FailedAttempt,
  type Plugin,
  type PodToPlace,
  refusal,
  type RoomPlan,
  type WaitingPod,
} from "#control-plane/scheduler/framework";
import { copiesThatCouldFit } from "#control-plane/scheduler/gang/gang-room";
import { POD_GROUP_LABEL, type PodGroup, podGroupOf } from "#api/kinds/pod-group";

/**
 * Gangs: of the pods of a group (pod-group.ts) as many as it needs are bound, or none. A placed member keeps its
 * room at the permit point until enough others have theirs; then all are bound.
 *
 *   gate: enough members exist? -> prepare: no other group half placed? -> permit: wait | let all of them go
 *                                     a member that finds no node, or waits too long: all give their nodes back
 *
 * Invariants:
 * - A group has no bound pod before `minAvailable` of its pods had a node at the same time.
 * - At most one group waits at the permit point: two half-placed groups never hold what the other one needs.
 * - What is remembered (members on their way to being bound) only matters until they are: after a restart bound
 *   pods say the same.
 */
const NAME = "Gang";

export const gang: Plugin = {
  name: NAME,
  gate(pod, view) {
    const group = podGroupOf(pod.pod);
    if (!group || hasStarted(group, view)) return undefined;
    const present = membersPresent(group, pod, view);
    if (present >= group.minAvailable) return undefined;
    const { name, minAvailable } = group;
    return refusal(`waiting for pods of group ${name}: ${present} of ${minAvailable} are there`);
  },
  prepare(pod, view) {
    const group = podGroupOf(pod.pod);
    if (!group || hasStarted(group, view)) return undefined;
    const other = otherGroupBeingPlaced(group, view);
    return other && refusal(`pod group ${other.name} is being placed first`);
  },
  reserve(pod, _node, view) {
    const group = podGroupOf(pod.pod);
    if (group) progressOf(group, view).unbound.add(pod.key);
    return undefined;
  },
  permit(pod, _node, view) {
    const group = podGroupOf(pod.pod);
    if (!group || hasStarted(group, view)) return { type: "allow" };
    const siblings = waitingOf(group, view);
    if (siblings.length + 1 < group.minAvailable) return { type: "wait", waitMs: group.timeoutMs };
    const { going } = progressOf(group, view);
    going.add(pod.key);
    for (const { pod: sibling } of siblings) going.add(sibling.key);
    for (const { pod: sibling } of siblings) view.waiting.allow(sibling.key, NAME);
    return { type: "allow" };
  },
  unreserve(pod, _nodeName, view) {
    const group = podGroupOf(pod.pod);
    if (!group) return;
    progressOf(group, view).going.delete(pod.key);
    // Asked before the pod leaves: on its node it still counts.
    const isWhole = hasStarted(group, view);
    leave(group, pod, view);
    if (!isWhole) giveBack(group, view);
  },
  postBind(pod, _nodeName, view) {
    const group = podGroupOf(pod.pod);
    if (!group) return;
    leave(group, pod, view);
    // Who came to the permit point meanwhile has nobody to wait for any more.
    for (const { pod: late } of waitingOf(group, view)) view.waiting.allow(late.key, NAME);
  },
  postFilter: makeRoom,
  retryOn: {
    podQueued: ({ pod: came }, pod) => isSameGroup(came, pod),
    // A sibling found a node, or the group that was first is placed.
    podPlaced: ({ pod: placed }, pod, view) => {
      const group = podGroupOf(pod.pod);
      return (
        group !== undefined &&
        !otherGroupBeingPlaced(group, view) &&
        podGroupOf(placed) !== undefined
      );
    },
    podGone: ({ pod: gone }, pod) => !isSameGroup(gone, pod),
    nodeAdded: () => true,
    nodeChanged: () => true,
  },
};

/**
 * A member found no node. When evictions could make room for all that are missing, preemption may go on for this
 * one; otherwise nobody is evicted in vain, and the others give their nodes back at once.
 */
function makeRoom(pod: PodToPlace, attempt: FailedAttempt): RoomPlan {
  const { view } = attempt;
  const group = podGroupOf(pod.pod);
  if (!group || hasStarted(group, view)) return { victims: [], message: "" };
  if (otherGroupBeingPlaced(group, view)) return { victims: [], message: "", isFinal: true };
  const missing = group.minAvailable - waitingOf(group, view).length;
  if (copiesThatCouldFit(pod, attempt, missing) >= missing) return { victims: [], message: "" };
  giveBack(group, view);
  const message = `pod group ${group.name} needs ${group.minAvailable} pods placed together, and there is no room for all of them.`;
  return { victims: [], message, isFinal: true };
}

function giveBack(group: PodGroup, view: ClusterView): void {
  for (const { pod } of waitingOf(group, view)) {
    view.waiting.reject(pod.key, NAME, `pod group ${group.name} could not be placed as a whole`);
  }
}

/** Members of a group on their way from being given a node to being bound. */
interface Progress {
  readonly unbound: Set<string>;
  /** Those of `unbound` that were let go. */
  readonly going: Set<string>;
}

function progressOf({ key }: PodGroup, view: ClusterView): Progress {
  const all = view.own(NAME, () => new Map<string, Progress>());
  const known = all.get(key);
  if (known) return known;
  const progress = { unbound: new Set<string>(), going: new Set<string>() };
  all.set(key, progress);
  return progress;
}

function leave(group: PodGroup, { key }: PodToPlace, view: ClusterView): void {
  const { unbound, going } = progressOf(group, view);
  unbound.delete(key);
  going.delete(key);
  if (unbound.size > 0) return;
  view.own(NAME, () => new Map<string, Progress>()).delete(group.key);
}

/** It was whole before: members that come later, or again, wait for nobody. */
function hasStarted(group: PodGroup, view: ClusterView): boolean {
  const { unbound, going } = progressOf(group, view);
  if (going.size > 0) return true;
  let promised = 0;
  for (const key of unbound) if (!isBound(view.snapshot.placed(key)?.pod)) promised++;
  return countedOnNodes(group, view) > promised;
}

/** As the API says: also where the answer to the binding was lost. */
function isBound(pod: Pod | undefined): boolean {
  const conditions = pod?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "PodScheduled" && status === "True");
}

/** Bound pods, and those that were only given a node so far. */
function countedOnNodes({ namespace, name }: PodGroup, { snapshot }: ClusterView): number {
  return snapshot.topology.countPods(namespace, selectorFromMap({ [POD_GROUP_LABEL]: name }));
}

function membersPresent(group: PodGroup, self: PodToPlace, view: ClusterView): number {
  const keys = new Set([self.key, ...progressOf(group, view).unbound]);
  for (const { key, pod } of view.queued()) {
    const isGated = (pod.spec.schedulingGates ?? []).length > 0;
    if (!isGated && podGroupOf(pod)?.key === group.key) keys.add(key);
  }
  return keys.size;
}

function waitingOf(group: PodGroup, view: ClusterView): WaitingPod[] {
  return view.waiting.list().filter(({ pod }) => podGroupOf(pod.pod)?.key === group.key);
}

function otherGroupBeingPlaced({ key }: PodGroup, view: ClusterView): PodGroup | undefined {
  for (const { pod } of view.waiting.list()) {
    const group = podGroupOf(pod.pod);
    if (group && group.key !== key) return group;
  }
  return undefined;
}

function isSameGroup(came: Pod, { pod }: PodToPlace): boolean {
  const key = podGroupOf(came)?.key;
  return key !== undefined && key === podGroupOf(pod)?.key;
}
