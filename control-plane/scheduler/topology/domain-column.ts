import type { Node } from "#api/schema/types";

/** Says which nodes take part in a count; equal filters have equal keys. */
export interface NodeFilter {
  readonly key: string;
  readonly admits: (node: Node) => boolean;
}

/** The filter that admits every node. */
export const everyNode: NodeFilter = { key: "", admits: () => true };

/** A node without the label, or one that takes no part, is in no domain. */
export const NO_DOMAIN = -1;

/**
 * The topology domain of every node for one label key: "topology.kubernetes.io/zone" divides nodes into zones.
 * Domains are small numbers, given again when their last node has left.
 *
 * Invariant: a domain exists as long as a node is in it (nodesIn > 0).
 */
export class DomainColumn {
  readonly topologyKey: string;
  readonly nodeFilter: NodeFilter;
  /** By node index. */
  readonly domainOf: number[] = [];
  /** By domain: how many nodes are in it; 0 for a number that is free. */
  readonly nodesIn: number[] = [];
  private readonly domains = new Map<string, number>();
  private readonly valueOf: string[] = [];
  private readonly free: number[] = [];

  constructor(topologyKey: string, nodeFilter: NodeFilter) {
    this.topologyKey = topologyKey;
    this.nodeFilter = nodeFilter;
  }

  /** How many domains there are. */
  get size(): number {
    return this.domains.size;
  }

  /** The domain by the label's value; NO_DOMAIN when no node has it. */
  domainNamed(value: string): number {
    return this.domains.get(value) ?? NO_DOMAIN;
  }

  /** Puts the node where its labels say (undefined: the node is gone); gives the domain it left and the one it is in. */
  place(index: number, node: Node | undefined): { readonly from: number; readonly to: number } {
    while (this.domainOf.length <= index) this.domainOf.push(NO_DOMAIN);
    const from = this.domainOf[index] ?? NO_DOMAIN;
    const value = node?.metadata.labels?.[this.topologyKey];
    const isIn = node !== undefined && value !== undefined && this.nodeFilter.admits(node);
    if (isIn && from !== NO_DOMAIN && this.valueOf[from] === value) return { from, to: from };
    const to = isIn ? this.enter(value) : NO_DOMAIN;
    if (from !== NO_DOMAIN) this.leave(from);
    this.domainOf[index] = to;
    return { from, to };
  }

  private enter(value: string): number {
    const known = this.domains.get(value);
    if (known !== undefined) {
      this.nodesIn[known] = (this.nodesIn[known] ?? 0) + 1;
      return known;
    }
    const domain = this.free.pop() ?? this.nodesIn.length;
    this.nodesIn[domain] = 1;
    this.valueOf[domain] = value;
    this.domains.set(value, domain);
    return domain;
  }

  private leave(domain: number): void {
    const left = (this.nodesIn[domain] ?? 0) - 1;
    this.nodesIn[domain] = left;
    if (left > 0) return;
    this.domains.delete(this.valueOf[domain] ?? "");
    this.free.push(domain);
  }
}
