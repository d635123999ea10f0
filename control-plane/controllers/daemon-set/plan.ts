import { podKind } from "#api/kinds/pod";
import { isPodTerminal } from "#api/kinds/pod-status";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { ControllerRevision, DaemonSet, Node, Pod } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import type { DaemonSetInput } from "#control-plane/controllers/daemon-set/controller";
import { HASH_LABEL, nodeNameOf } from "#control-plane/controllers/daemon-set/daemon-pod";
import { planPlacement } from "#control-plane/controllers/daemon-set/placement";
import { planRolling } from "#control-plane/controllers/daemon-set/rolling";
import { planStatus } from "#control-plane/controllers/daemon-set/status";
import { claim } from "#control-plane/controllers/ownership";
import { planHistory, planTruncation } from "#control-plane/controllers/revision-history";

/** What the steps of one look share. */
export interface Daemons {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly Node[];
  /** Its pods by the node they are on or meant for, also those that are stopping. */
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  /** The hash of the present template. */
  readonly hash: string;
  readonly nowMs: number;
}

/** One look at a DaemonSet: first every node has its pod, then old pods give way to the present template. */
export function planDaemonSet(input: DaemonSetInput, nowMs: number): Action[] {
  const { daemonSet, nodes, candidates, revisions } = input;
  const selector = selectorFromLabelSelector(daemonSet.spec.selector);
  const { owned, actions } = claim(daemonSet, podKind, selector, candidates);
  const history = planHistory({ owner: daemonSet, known: revisions, hashLabel: HASH_LABEL });
  const hash = hashOf(history.present);
  const daemons: Daemons = { daemonSet, nodes, podsByNode: byNode(owned), hash, nowMs };
  if (daemonSet.metadata.deletionTimestamp) return [...actions, ...planStatus(daemons)];
  const placement = planPlacement(daemons);
  const isRolling = daemonSet.spec.updateStrategy?.type !== "OnDelete";
  const rolling = placement.length === 0 && isRolling ? planRolling(daemons) : [];
  const hashes = new Set(owned.map(({ metadata }) => metadata.labels?.[HASH_LABEL]));
  return [
    ...actions,
    ...history.actions,
    ...placement,
    ...rolling,
    ...planStatus(daemons),
    ...planTruncation(daemonSet, history, (revision) => hashes.has(hashOf(revision))),
  ];
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[HASH_LABEL] ?? "";
}

/** A pod that has ended and was deleted is as good as gone; one that is meant for no node is nobody's daemon yet. */
function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp && isPodTerminal(pod)) continue;
    const name = nodeNameOf(pod);
    if (!name) continue;
    const there = found.get(name);
    if (there) there.push(pod);
    else found.set(name, [pod]);
  }
  return found;
}
