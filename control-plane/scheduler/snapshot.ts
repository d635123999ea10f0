import { isPodTerminal } from "#api/kinds/pod-status";
import { keyOf } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import { ChangeLog } from "#control-plane/scheduler/change-log";
import { ImageIndex } from "#control-plane/scheduler/image-index";
import { interleaveZones } from "#control-plane/scheduler/node-order";
import { allocatableOf, type NodeState, type PlacedPod } from "#control-plane/scheduler/node-state";
import { placedPod } from "#control-plane/scheduler/pod-shape";
import { MutableNodeState, type MutablePlacedPod } from "#control-plane/scheduler/running-sums";
import { Topology } from "#control-plane/scheduler/topology/topology";
import { invariant } from "#kit/invariant";

/**
 * The scheduler's picture of the cluster: one NodeState per node with running sums, and running counts per
 * topology domain, so that a decision costs the number of nodes and never the number of pods already placed.
 * Owned by the scheduler; changed from informers and from its own decisions (assume).
 *
 * Invariants:
 * - A node's `requested` is the sum over its `pods`, always (held by snapshot.test.ts).
 * - A pod counts on at most one node, and stops counting when it is terminal.
 * - A node's version changes with everything that a local plugin can read of it, and no version is given twice.
 */
export class Snapshot {
  readonly topology = new Topology();
  readonly images = new ImageIndex();
  /** By node index. */
  private readonly versions: number[] = [];
  /** By node name; also of nodes that are not there (yet, or any more) but have pods. */
  private readonly states = new Map<string, MutableNodeState>();
  private readonly present = new Map<string, MutableNodeState>();
  private readonly nodeOfPod = new Map<string, MutableNodeState>();
  private readonly nominations = new Map<string, Nomination>();
  /** How many counted pods have each priority. */
  private readonly priorities = new Map<number, number>();
  private readonly freeIndexes: number[] = [];
  /** Present nodes by index. */
  private readonly byIndex: (MutableNodeState | undefined)[] = [];
  private readonly log = new ChangeLog();
  /** Hypotheses that are not undone yet. */
  private supposed = 0;
  private orderKept: readonly NodeState[] | undefined;
  private lastVersion = 0;

  /** All nodes that are there, one of each zone in turn. */
  get nodes(): readonly NodeState[] {
    this.orderKept ??= interleaveZones(this.present.values());
    return this.orderKept;
  }

  get size(): number {
    return this.present.size;
  }

  get(name: string): NodeState | undefined {
    return this.present.get(name);
  }

  /** Every node's index is below this. */
  get indexCount(): number {
    return this.versions.length;
  }

  /** The node with this index, if it is there. */
  at(index: number): NodeState | undefined {
    return this.byIndex[index];
  }

  /** A moment to ask `changedSince` about. */
  get moment(): number {
    return this.log.moment;
  }

  /** Indexes of nodes that changed, came or went since that moment; undefined: too long ago to tell. */
  changedSince(moment: number): readonly number[] | undefined {
    return this.log.since(moment);
  }

  versionOf(index: number): number {
    return this.versions[index] ?? 0;
  }

  /** Where the pod counts. */
  nodeOf(key: string): NodeState | undefined {
    return this.nodeOfPod.get(key);
  }

  placed(key: string): MutablePlacedPod | undefined {
    return this.nodeOfPod.get(key)?.pods.get(key);
  }

  setNode(node: Node): void {
    const state = this.stateOf(node.metadata.name);
    if (!this.present.has(state.name) || zoneChanged(state.node, node)) this.orderKept = undefined;
    state.node = node;
    state.allocatable = allocatableOf(node);
    this.present.set(state.name, state);
    this.byIndex[state.index] = state;
    this.topology.setNode(state.index, node);
    this.images.setNode(state.index, node);
    this.touch(state);
  }

  /** The same node with a newer heartbeat: nothing that plugins read has changed. */
  refreshNode(node: Node): void {
    const state = this.present.get(node.metadata.name);
    if (state) state.node = node;
  }

  /** Its pods stay counted: the node may come back, and its pods are deleted by others. */
  removeNode(name: string): void {
    const state = this.present.get(name);
    if (!state) return;
    this.present.delete(name);
    this.orderKept = undefined;
    this.topology.removeNode(state.index);
    this.images.setNode(state.index, undefined);
    this.byIndex[state.index] = undefined;
    this.touch(state);
    this.forgetIfEmpty(state);
  }

  /** Counts a pod on its node; a pod that moved, changed or ended is counted as it is now. */
  setPod(pod: Pod): void {
    this.removePod(keyOf(pod));
    const nodeName = pod.spec.nodeName;
    if (!nodeName || isPodTerminal(pod)) return;
    this.add(placedPod(pod), this.stateOf(nodeName));
  }

  /** Counts a pod on the node that was decided for it. */
  assume(place: PlacedPod, nodeName: string): void {
    const { key, priority, requests, assumedUse, hostPorts, podClass, terms } = place;
    const pod = { ...place.pod, spec: { ...place.pod.spec, nodeName } };
    this.removePod(key);
    const facts = { key, priority, requests, assumedUse, hostPorts, podClass, terms };
    this.add({ ...facts, pod }, this.stateOf(nodeName));
  }

  /** The same pod on the same node, with a newer status: nothing that is counted has changed. */
  refreshPod(pod: Pod): void {
    const placed = this.placed(keyOf(pod));
    if (placed) placed.pod = pod;
  }

  /** Gives the node that has room again, if the pod was counted. */
  removePod(key: string): string | undefined {
    const state = this.nodeOfPod.get(key);
    if (!state) return undefined;
    const pod = state.pods.get(key);
    invariant(pod, `pod ${key} is counted on node ${state.name}`);
    this.remove(pod, state);
    this.forgetIfEmpty(state);
    return state.name;
  }

  /** Whether a pod of lower priority is counted anywhere. */
  hasPodBelow(priority: number): boolean {
    for (const below of this.priorities.keys()) if (below < priority) return true;
    return false;
  }

  /** Room is being made on the node for a pod that will come. */
  nominate(pod: Pod, nodeName: string): void {
    const key = keyOf(pod);
    if (this.nominations.get(key)?.state.name === nodeName) return;
    this.withdrawNomination(key);
    const state = this.stateOf(nodeName);
    const nomination = { pod: placedPod(pod), state };
    this.nominations.set(key, nomination);
    state.nominated = [...state.nominated, nomination.pod];
    this.touch(state);
  }

  /** Gives the node that was kept for the pod. */
  withdrawNomination(key: string): string | undefined {
    const nomination = this.nominations.get(key);
    if (!nomination) return undefined;
    const { state } = nomination;
    this.nominations.delete(key);
    state.nominated = state.nominated.filter((pod) => pod !== nomination.pod);
    this.touch(state);
    this.forgetIfEmpty(state);
    return state.name;
  }

  nominatedNode(key: string): NodeState | undefined {
    const nomination = this.nominations.get(key);
    return nomination && this.present.get(nomination.state.name);
  }

  /** A what-if about one node. Caller must: `undo` it before anything else happens to the snapshot, inner ones first. */
  suppose(node: NodeState): Hypothesis {
    const state = this.stateOf(node.name);
    const version = this.versionOf(state.index);
    const undo: (() => void)[] = [];
    this.supposed++;
    const add = (pod: PlacedPod): void => this.add(pod, state);
    const remove = (pod: PlacedPod): void => this.remove(pod, state);
    return {
      add(pod) {
        add(pod);
        undo.push(() => remove(pod));
      },
      remove(pod) {
        remove(pod);
        undo.push(() => add(pod));
      },
      undo: () => {
        for (const step of undo.reverse()) step();
        this.versions[state.index] = version;
        this.supposed--;
      },
    };
  }

  private add(pod: PlacedPod, state: MutableNodeState): void {
    state.add(pod);
    this.nodeOfPod.set(pod.key, state);
    this.priorities.set(pod.priority, (this.priorities.get(pod.priority) ?? 0) + 1);
    this.topology.addPod(pod, state.index);
    this.touch(state);
  }

  private remove(pod: PlacedPod, state: MutableNodeState): void {
    state.remove(pod);
    this.nodeOfPod.delete(pod.key);
    const others = (this.priorities.get(pod.priority) ?? 0) - 1;
    if (others > 0) this.priorities.set(pod.priority, others);
    else this.priorities.delete(pod.priority);
    this.topology.removePod(pod, state.index);
    this.touch(state);
  }

  private touch(state: MutableNodeState): void {
    this.versions[state.index] = ++this.lastVersion;
    // What is only supposed is undone, and the node has its version back.
    if (this.supposed === 0) this.log.add(state.index);
  }

  private stateOf(name: string): MutableNodeState {
    const known = this.states.get(name);
    if (known) return known;
    const index = this.freeIndexes.pop() ?? this.versions.length;
    const state = new MutableNodeState(name, index);
    this.states.set(name, state);
    this.touch(state);
    return state;
  }

  private forgetIfEmpty(state: MutableNodeState): void {
    const isNeeded =
      this.present.has(state.name) || state.pods.size > 0 || state.nominated.length > 0;
    if (isNeeded || !this.states.delete(state.name)) return;
    this.touch(state);
    this.freeIndexes.push(state.index);
  }
}

interface Nomination {
  readonly pod: PlacedPod;
  readonly state: MutableNodeState;
}

/** Pods added to and taken from a node, to see what would be. */
export interface Hypothesis {
  add(pod: PlacedPod): void;
  remove(pod: PlacedPod): void;
  undo(): void;
}

function zoneChanged(a: Node, b: Node): boolean {
  return ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"].some(
    (label) => a.metadata.labels?.[label] !== b.metadata.labels?.[label],
  );
}
