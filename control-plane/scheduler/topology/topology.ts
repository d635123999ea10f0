import type { Selector } from "#api/machinery/labels";
import type { Node } from "#api/schema/types";
import type { PlacedPod } from "#control-plane/scheduler/node-state";
import {
  DomainColumn,
  everyNode,
  type NodeFilter,
} from "#control-plane/scheduler/topology/domain-column";
import { NamespaceBuckets } from "#control-plane/scheduler/topology/namespace-buckets";
import type { CountedClass, PodClass } from "#control-plane/scheduler/topology/pod-class";
import type { PodSelector } from "#control-plane/scheduler/topology/pod-selector";
import { Tally } from "#control-plane/scheduler/topology/tally";
import { TermTallies, type TermTally } from "#control-plane/scheduler/topology/term-tallies";

/**
 * Counts of pods per topology domain, kept as pods come and go. Owned by the Snapshot, which tells it of every
 * node and every pod. A count that a plugin asks for is made once (a walk over the classes of pods there are)
 * and from then on costs one addition per pod that comes or goes.
 *
 * Invariants:
 * - A tally equals what counting all pods from scratch would give (held by topology.test.ts).
 * - At most MAX_TALLIES are kept; the one that was asked for longest ago is given up first.
 */
export interface TallyRequest {
  readonly selector: PodSelector;
  readonly topologyKey: string;
  /** Only these nodes and the pods on them count; default: all nodes. */
  readonly nodeFilter?: NodeFilter;
  /** Whether pods that are being deleted count; default: true. */
  readonly countsTerminating?: boolean;
}

interface RequestedTally {
  readonly key: string;
  readonly request: TallyRequest;
  readonly tally: Tally;
}

interface SharedColumn {
  readonly column: DomainColumn;
  readonly tallies: Set<Tally>;
}

const MAX_TALLIES = 1024;

export class Topology {
  private readonly nodes = new Map<number, Node>();
  private readonly columns = new Map<string, SharedColumn>();
  private readonly classes = new Map<string, CountedClass>();
  private readonly classesIn = new NamespaceBuckets<CountedClass>();
  /** In the order of last use. */
  private readonly requested = new Map<string, RequestedTally>();
  private readonly requestedIn = new NamespaceBuckets<RequestedTally>();
  private readonly terms: TermTallies;
  private readonly namespaces = new Map<string, Readonly<Record<string, string>>>();
  private readonly labelsOf = (name: string) => this.namespaces.get(name);

  constructor() {
    this.terms = new TermTallies({
      labelsOf: this.labelsOf,
      openTally: (topologyKey) => this.openTally(topologyKey, everyNode),
      closeTally: (tally) => this.closeTally(tally),
    });
  }

  /** The running count of these pods. Caller must: ask again in each decision, and keep none. */
  tally(request: TallyRequest): Tally {
    const { selector, topologyKey, nodeFilter = everyNode, countsTerminating = true } = request;
    const key = `${countsTerminating ? "+" : "-"}${topologyKey}|${nodeFilter.key}|${selector.key}`;
    const known = this.requested.get(key);
    if (known) {
      this.requested.delete(key);
      this.requested.set(key, known);
      return known.tally;
    }
    for (const oldest of this.requested.values()) {
      if (this.requested.size < MAX_TALLIES) break;
      this.giveUp(oldest);
    }
    return this.begin({ key, request, tally: this.openTally(topologyKey, nodeFilter) });
  }

  selects(selector: PodSelector, podClass: PodClass): boolean {
    return selector.selects(podClass, this.labelsOf);
  }

  /** Pods of the namespace on any node that the selector selects and that are not being deleted, counted now. */
  countPods(namespace: string, selector: Selector): number {
    let count = 0;
    for (const counted of this.classesIn.in(namespace)) {
      if (counted.namespace !== namespace || counted.isTerminating) continue;
      if (!selector.matches(counted.labels)) continue;
      for (const amount of counted.perNode.values()) count += amount;
    }
    return count;
  }

  /** Terms of placed pods that select pods of this class, with where they hold. */
  termsAgainst(podClass: PodClass): readonly TermTally[] {
    return this.terms.against(podClass);
  }

  /** The node came, or its labels or taints changed. */
  setNode(index: number, node: Node): void {
    this.nodes.set(index, node);
    for (const shared of this.columns.values()) relocate(shared, index, node);
  }

  /** The node is gone: its pods stay known, in no domain. */
  removeNode(index: number): void {
    this.nodes.delete(index);
    for (const shared of this.columns.values()) relocate(shared, index, undefined);
  }

  addPod(pod: PlacedPod, nodeIndex: number): void {
    this.count(this.classOf(pod.podClass), nodeIndex, 1);
    if (pod.terms) this.terms.add(pod.terms, nodeIndex, 1);
  }

  removePod(pod: PlacedPod, nodeIndex: number): void {
    const counted = this.classOf(pod.podClass);
    this.count(counted, nodeIndex, -1);
    if (counted.perNode.size === 0) {
      this.classes.delete(counted.key);
      this.classesIn.delete(counted.namespace, counted);
    }
    if (pod.terms) this.terms.add(pod.terms, nodeIndex, -1);
  }

  /** undefined: the namespace is gone. What was selected by labels of namespaces is counted anew. */
  setNamespace(name: string, labels: Readonly<Record<string, string>> | undefined): void {
    if (JSON.stringify(this.namespaces.get(name)) === JSON.stringify(labels)) return;
    if (labels) this.namespaces.set(name, labels);
    else this.namespaces.delete(name);
    for (const one of [...this.requested.values()]) {
      if (one.request.selector.readsNamespaces) this.giveUp(one);
    }
    this.terms.namespaceChanged();
  }

  private begin(one: RequestedTally): Tally {
    const { namespace } = one.request.selector;
    this.requested.set(one.key, one);
    this.requestedIn.add(namespace, one);
    for (const counted of this.classesIn.in(namespace)) {
      if (!this.isCounted(one, counted)) continue;
      counted.tallies.add(one.tally);
      for (const [node, amount] of counted.perNode) one.tally.add(node, amount);
    }
    return one.tally;
  }

  private giveUp(one: RequestedTally): void {
    const { namespace } = one.request.selector;
    this.requested.delete(one.key);
    this.requestedIn.delete(namespace, one);
    for (const counted of this.classesIn.in(namespace)) counted.tallies.delete(one.tally);
    this.closeTally(one.tally);
  }

  private isCounted({ request }: RequestedTally, counted: CountedClass): boolean {
    if (counted.isTerminating && request.countsTerminating === false) return false;
    return this.selects(request.selector, counted);
  }

  private classOf(podClass: PodClass): CountedClass {
    const known = this.classes.get(podClass.key);
    if (known) return known;
    const counted: CountedClass = { ...podClass, perNode: new Map(), tallies: new Set() };
    for (const one of this.requestedIn.in(counted.namespace)) {
      if (this.isCounted(one, counted)) counted.tallies.add(one.tally);
    }
    this.classes.set(counted.key, counted);
    this.classesIn.add(counted.namespace, counted);
    return counted;
  }

  private count(counted: CountedClass, nodeIndex: number, amount: 1 | -1): void {
    const sum = (counted.perNode.get(nodeIndex) ?? 0) + amount;
    if (sum === 0) counted.perNode.delete(nodeIndex);
    else counted.perNode.set(nodeIndex, sum);
    for (const tally of counted.tallies) tally.add(nodeIndex, amount);
  }

  private openTally(topologyKey: string, nodeFilter: NodeFilter): Tally {
    const key = columnKey(topologyKey, nodeFilter);
    let shared = this.columns.get(key);
    if (!shared) {
      shared = { column: new DomainColumn(topologyKey, nodeFilter), tallies: new Set() };
      this.columns.set(key, shared);
      for (const [index, node] of this.nodes) shared.column.place(index, node);
    }
    const tally = new Tally(shared.column);
    shared.tallies.add(tally);
    return tally;
  }

  private closeTally(tally: Tally): void {
    const key = columnKey(tally.column.topologyKey, tally.column.nodeFilter);
    const shared = this.columns.get(key);
    shared?.tallies.delete(tally);
    if (shared?.tallies.size === 0) this.columns.delete(key);
  }
}

function columnKey(topologyKey: string, { key }: NodeFilter): string {
  return `${topologyKey}|${key}`;
}

function relocate({ column, tallies }: SharedColumn, index: number, node: Node | undefined): void {
  const { from, to } = column.place(index, node);
  if (from === to) return;
  for (const tally of tallies) tally.move(index, from, to);
}
