import { FewNodes } from "#control-plane/scheduler/few-nodes";
import {
  type ClusterView,
  isRefusal,
  type PodToPlace,
  type Refusal,
} from "#control-plane/scheduler/framework";
import type {
  LocalVerdicts,
  NamedRefusal,
  Verdicts,
} from "#control-plane/scheduler/local-verdicts";
import type { NodeState, PlacedPod } from "#control-plane/scheduler/node-state";
import type { CycleProfile, Slot } from "#control-plane/scheduler/profile";

/** What a plugin that has nothing to say of the pod prepared. */
const SKIPPED = Symbol("skipped");

/**
 * One try to place one pod: what the plugins prepared for it, and the question "can this node take it?" asked in
 * the cheapest way. Local plugins are asked once per signature and version of a node (local-verdicts.ts).
 *
 * A node that is kept for other pods of at least this pod's priority must be able to take the pod with them
 * there, and also (an affinity may hang on them) without them.
 */
export class Attempt {
  readonly pod: PodToPlace;
  readonly profile: CycleProfile;
  readonly view: ClusterView;
  private readonly verdicts: LocalVerdicts;
  private kept: Verdicts | undefined;
  private prepared: unknown[] = [];
  /** The cluster filters that have something to say of the pod. */
  private clusterFilters: readonly Slot[] = [];

  constructor(pod: PodToPlace, profile: CycleProfile, view: ClusterView, verdicts: LocalVerdicts) {
    this.pod = pod;
    this.profile = profile;
    this.view = view;
    this.verdicts = verdicts;
  }

  /** Asks every plugin to prepare; gives the first that refuses the pod everywhere. */
  prepare(): NamedRefusal | undefined {
    const { profile, pod } = this;
    const prepared: unknown[] = [];
    this.prepared = prepared;
    for (const { plugin, index } of profile.slots) {
      prepared[index] = SKIPPED;
      const value = plugin.prepare ? plugin.prepare(pod, this.view) : null;
      if (isRefusal(value)) return { plugin: plugin.name, refusal: value };
      if (value !== undefined) prepared[index] = value;
    }
    this.clusterFilters = profile.clusterFilters.filter(
      ({ index }) => this.prepared[index] !== SKIPPED,
    );
    return undefined;
  }

  /** Verdicts are kept for pods that may go to many nodes: an index of nodes is as long as the cluster. */
  keepVerdicts(indexes: number): void {
    const { profile, pod } = this;
    const columns = profile.normalizedScorers.length;
    const key = `${profile.name}|${pod.priority}|${pod.signature}`;
    this.kept = this.verdicts.for(key, indexes, columns);
  }

  /** What the plugin of this slot prepared; undefined: it has nothing to say of the pod. */
  preparedBy({ index }: Slot): { readonly value: unknown } | undefined {
    const value = this.prepared[index];
    return value === SKIPPED ? undefined : { value };
  }

  /** Whether a node's answer hangs on that node alone. */
  get isLocal(): boolean {
    return this.clusterFilters.length === 0;
  }

  /** Whether `codeFor` remembers what it said. */
  get answersAgain(): boolean {
    return this.kept !== undefined && this.isLocal;
  }

  /** Names of the only nodes worth looking at, and the plugins that say so; undefined: all. */
  narrowed(): { readonly names: ReadonlySet<string>; readonly plugins: string[] } | undefined {
    let names: Set<string> | undefined;
    const plugins: string[] = [];
    for (const slot of this.profile.narrowers) {
      const prepared = this.preparedBy(slot);
      const only = prepared && slot.plugin.narrow?.(prepared.value, this.pod);
      if (!only) continue;
      plugins.push(slot.plugin.name);
      const before = names;
      names = new Set(before ? only.filter((name) => before.has(name)) : only);
    }
    return names && { names, plugins };
  }

  /** 0: the node can take the pod; else the code of the first refusal. */
  codeFor(node: NodeState): number {
    const { kept } = this;
    const { index } = node;
    // A pod does not count itself: only on the node that is kept for it does that make a difference.
    const isKnown =
      kept !== undefined &&
      kept.versions[index] === this.view.snapshot.versionOf(index) &&
      (node.nominated.length === 0 || !this.isNominatedTo(node));
    const local = isKnown ? (kept.codes[index] as number) : this.localCode(node);
    if (local !== 0 || !this.asksOthers(node)) return local;
    return this.clusterCode(node);
  }

  /**
   * The few nodes that can take pods like this one, as of now; undefined: they are not few, or other pods have a
   * say. Of a node that is kept for the pod itself this says nothing: ask `codeFor`.
   */
  few(limit: number): FewNodes | undefined {
    const { kept } = this;
    if (!kept?.few || !this.isLocal) return undefined;
    const { few } = kept;
    const { snapshot } = this.view;
    const changed = few.moment === undefined ? undefined : snapshot.changedSince(few.moment);
    if (!changed) few.clear();
    const own = snapshot.nominatedNode(this.pod.key);
    const indexes = changed ?? snapshot.nodes.map(({ index }) => index);
    const asked = [...few.stale, ...indexes];
    few.stale = [];
    for (const index of asked) {
      const node = snapshot.at(index);
      // To its siblings a pod's own claim is another's.
      if (node && node === own) few.stale.push(index);
      else few.set(index, node && this.codeFor(node));
    }
    few.moment = snapshot.moment;
    if (few.feasible.size >= limit) kept.few = undefined;
    return kept.few;
  }

  /** All nodes were looked at, and not enough can take the pod: from now on they are followed one by one. */
  rememberFew(): void {
    if (this.kept && this.isLocal) this.kept.few ??= new FewNodes();
  }

  refusal(code: number): NamedRefusal | undefined {
    return this.verdicts.refusal(code);
  }

  /** One of two columns to score in, as long as the nodes are many; good until the next attempt. */
  column(which: 0 | 1, length: number): Float64Array {
    return this.verdicts.column(which, length);
  }

  /** Fills `totals` with the sum of local scores that need no normalizing. Caller must: have been told that all fit. */
  plainScores(nodes: readonly NodeState[], totals: Float64Array): void {
    const { kept } = this;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as NodeState;
      totals[i] = kept ? (kept.plain[node.index] as number) : this.plainScore(node);
    }
  }

  /** Fills `scores` with what the normalized scorer in this column gives; false: all are 0. */
  rawScores(column: number, nodes: readonly NodeState[], scores: Float64Array): boolean {
    const { kept } = this;
    const raw = kept?.raw[column];
    if (kept && raw && !kept.hasRaw[column]) return false;
    let isAny = false;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as NodeState;
      const score = raw ? (raw[node.index] as number) : this.rawScore(column, node);
      scores[i] = score;
      if (score !== 0) isAny = true;
    }
    return isAny;
  }

  /** Asks all over again about the node as it is now, with nothing remembered. */
  freshRefusal(node: NodeState): NamedRefusal | undefined {
    return this.withNominated(node, () => {
      const local = this.firstRefusal(this.profile.localFilters, node, this.prepared);
      if (local || !this.asksOthers(node)) return local;
      return this.firstRefusal(this.profile.clusterFilters, node, this.clusterPrepared());
    });
  }

  private localCode(node: NodeState): number {
    const { kept } = this;
    const code = this.judge(node);
    if (!kept) return code;
    const { index } = node;
    if (code === 0) this.keepScores(kept, node);
    if (this.isNominatedTo(node)) return code;
    kept.codes[index] = code;
    kept.versions[index] = this.view.snapshot.versionOf(index);
    return code;
  }

  private isNominatedTo({ nominated }: NodeState): boolean {
    return nominated.some(({ key }) => key === this.pod.key);
  }

  private keepScores(kept: Verdicts, node: NodeState): void {
    kept.plain[node.index] = this.plainScore(node);
    for (let column = 0; column < kept.raw.length; column++) {
      const score = this.rawScore(column, node);
      (kept.raw[column] as Float64Array)[node.index] = score;
      if (score !== 0) kept.hasRaw[column] = true;
    }
  }

  private plainScore(node: NodeState): number {
    let sum = 0;
    for (const slot of this.profile.plainScorers)
      sum += this.scoreBy(slot, node) * (slot.plugin.weight ?? 1);
    return sum;
  }

  private rawScore(column: number, node: NodeState): number {
    const slot = this.profile.normalizedScorers[column];
    return slot ? this.scoreBy(slot, node) : 0;
  }

  private scoreBy(slot: Slot, node: NodeState): number {
    const value = this.prepared[slot.index];
    return value === SKIPPED ? 0 : (slot.plugin.score?.(value, this.pod, node) ?? 0);
  }

  private judge(node: NodeState): number {
    const found = this.withNominated(node, () =>
      this.firstRefusal(this.profile.localFilters, node, this.prepared),
    );
    return found ? this.verdicts.codeOf(found.plugin, found.refusal) : 0;
  }

  private clusterCode(node: NodeState): number {
    const { clusterFilters } = this;
    const found =
      this.firstRefusal(clusterFilters, node, this.prepared) ??
      (this.othersNominated(node).length > 0
        ? this.withNominated(node, () =>
            this.firstRefusal(this.profile.clusterFilters, node, this.clusterPrepared()),
          )
        : undefined);
    return found ? this.verdicts.codeOf(found.plugin, found.refusal) : 0;
  }

  /** Other pods have a say: by what this one asks of them, or by what one asks that is to come to this node. */
  private asksOthers({ nominated }: NodeState): boolean {
    return this.clusterFilters.length > 0 || nominated.some(({ terms }) => terms !== undefined);
  }

  /** What cluster plugins prepare from the snapshot as it is supposed to be. */
  private clusterPrepared(): unknown[] {
    const prepared = [...this.prepared];
    for (const { plugin, index } of this.profile.clusterFilters) {
      const value = plugin.prepare ? plugin.prepare(this.pod, this.view) : null;
      prepared[index] = value === undefined || isRefusal(value) ? SKIPPED : value;
    }
    return prepared;
  }

  private firstRefusal(
    filters: readonly Slot[],
    node: NodeState,
    prepared: readonly unknown[],
  ): NamedRefusal | undefined {
    for (const { plugin, index } of filters) {
      const value = prepared[index];
      if (value === SKIPPED) continue;
      const refusal: Refusal | undefined = plugin.filter?.(value, this.pod, node);
      if (refusal) return { plugin: plugin.name, refusal };
    }
    return undefined;
  }

  private withNominated<T>(node: NodeState, look: () => T): T {
    const others = this.othersNominated(node);
    if (others.length === 0) return look();
    const supposed = this.view.snapshot.suppose(node);
    try {
      for (const other of others) supposed.add(other);
      return look();
    } finally {
      supposed.undo();
    }
  }

  private othersNominated({ nominated }: NodeState): readonly PlacedPod[] {
    if (nominated.length === 0) return nominated;
    return nominated.filter(
      ({ key, priority }) => key !== this.pod.key && priority >= this.pod.priority,
    );
  }
}
