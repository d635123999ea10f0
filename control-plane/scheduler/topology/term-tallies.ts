import type { AffinityTerm, AffinityTerms } from "#control-plane/scheduler/topology/affinity-terms";
import { NamespaceBuckets } from "#control-plane/scheduler/topology/namespace-buckets";
import type { PodClass } from "#control-plane/scheduler/topology/pod-class";
import type { NamespaceLabels } from "#control-plane/scheduler/topology/pod-selector";
import type { Tally } from "#control-plane/scheduler/topology/tally";

/** Where placed pods carry one and the same affinity term, so that a pod coming near them is told. */
export interface TermTally {
  readonly type: "requiredAffinity" | "requiredAntiAffinity" | "preferred";
  readonly key: string;
  readonly term: AffinityTerm;
  /** Per domain: how many pods carry the term; for "preferred" the sum of their weights. */
  readonly tally: Tally;
  /** How many pods carry it. */
  carriers: number;
}

interface TallySource {
  readonly labelsOf: NamespaceLabels;
  readonly openTally: (topologyKey: string) => Tally;
  readonly closeTally: (tally: Tally) => void;
}

interface Answer {
  readonly version: number;
  readonly terms: readonly TermTally[];
}

/** Terms that nobody carries any more, kept because their pods often come back. */
const MAX_IDLE_TERMS = 256;
const MAX_ANSWERS = 8192;

/**
 * The (anti-)affinity terms of placed pods, each distinct one counted once. Part of the Topology.
 *
 * Invariant: a term's tally is the sum over the placed pods that carry it.
 */
export class TermTallies {
  private readonly source: TallySource;
  private readonly byKey = new Map<string, TermTally>();
  private readonly byNamespace = new NamespaceBuckets<TermTally>();
  /** By class: the terms that select it, as of a version of the buckets. */
  private readonly answers = new Map<string, Answer>();
  private idle = 0;

  constructor(source: TallySource) {
    this.source = source;
  }

  add(terms: AffinityTerms, nodeIndex: number, sign: 1 | -1): void {
    for (const term of terms.required) this.count("requiredAffinity", term, nodeIndex, sign, 1);
    for (const term of terms.requiredAnti) {
      this.count("requiredAntiAffinity", term, nodeIndex, sign, 1);
    }
    for (const term of terms.preferred) {
      this.count("preferred", term, nodeIndex, sign, term.weight);
    }
    if (this.idle > MAX_IDLE_TERMS) this.forgetIdle();
  }

  against(podClass: PodClass): readonly TermTally[] {
    if (this.byKey.size === 0) return [];
    const version = this.byNamespace.version(podClass.namespace);
    const known = this.answers.get(podClass.key);
    if (known?.version === version) return known.terms;
    const terms: TermTally[] = [];
    for (const one of this.byNamespace.in(podClass.namespace)) {
      if (one.term.selector.selects(podClass, this.source.labelsOf)) terms.push(one);
    }
    if (this.answers.size >= MAX_ANSWERS) this.answers.clear();
    this.answers.set(podClass.key, { version, terms });
    return terms;
  }

  namespaceChanged(): void {
    this.byNamespace.touch(undefined);
  }

  private count(
    type: TermTally["type"],
    term: AffinityTerm,
    nodeIndex: number,
    sign: 1 | -1,
    weight: number,
  ): void {
    const key = `${type}|${term.topologyKey}|${term.selector.key}`;
    const one = this.byKey.get(key) ?? this.begin({ type, key, term });
    if (one.carriers === 0) this.idle--;
    one.carriers += sign;
    if (one.carriers === 0) this.idle++;
    one.tally.add(nodeIndex, sign * weight);
  }

  private begin(named: Pick<TermTally, "type" | "key" | "term">): TermTally {
    const tally = this.source.openTally(named.term.topologyKey);
    const one = { ...named, tally, carriers: 0 };
    this.byKey.set(one.key, one);
    this.byNamespace.add(one.term.selector.namespace, one);
    this.idle++;
    return one;
  }

  private forgetIdle(): void {
    for (const one of [...this.byKey.values()]) {
      if (one.carriers > 0) continue;
      this.byKey.delete(one.key);
      this.byNamespace.delete(one.term.selector.namespace, one);
      this.source.closeTally(one.tally);
    }
    this.idle = 0;
  }
}
