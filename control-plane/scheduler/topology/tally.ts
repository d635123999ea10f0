import { type DomainColumn, NO_DOMAIN } from "#control-plane/scheduler/topology/domain-column";

/**
 * A running count of pods (or a running sum of weights) per topology domain, so that a decision reads a number
 * instead of looking at pods.
 *
 * Invariant: the count of a domain is the sum over its nodes of what was added there.
 */
export class Tally {
  readonly column: DomainColumn;
  /** By domain; what is missing is 0. */
  private readonly counts: number[] = [];
  /** By node index, also of nodes in no domain. Never holds a zero. */
  private readonly perNode = new Map<number, number>();
  private total = 0;

  constructor(column: DomainColumn) {
    this.column = column;
  }

  add(nodeIndex: number, amount: number): void {
    const sum = (this.perNode.get(nodeIndex) ?? 0) + amount;
    if (sum === 0) this.perNode.delete(nodeIndex);
    else this.perNode.set(nodeIndex, sum);
    this.count(this.column.domainOf[nodeIndex] ?? NO_DOMAIN, amount);
  }

  /** The node left one domain for another; either may be NO_DOMAIN. */
  move(nodeIndex: number, from: number, to: number): void {
    const amount = this.perNode.get(nodeIndex);
    if (amount === undefined) return;
    this.count(from, -amount);
    this.count(to, amount);
  }

  /** What is counted in the domain of this node; undefined: it is in none. */
  around(nodeIndex: number): number | undefined {
    const domain = this.column.domainOf[nodeIndex];
    return domain === undefined || domain === NO_DOMAIN ? undefined : (this.counts[domain] ?? 0);
  }

  /** By the value of the label; 0 where there is no such domain. */
  inDomainNamed(value: string): number {
    return this.counts[this.column.domainNamed(value)] ?? 0;
  }

  /** What is counted on this node alone, whatever domain it is in. */
  onNode(nodeIndex: number): number {
    return this.perNode.get(nodeIndex) ?? 0;
  }

  /** The sum over all domains: pods on nodes without the label are not in it. */
  get sum(): number {
    return this.total;
  }

  /** The smallest count of all domains that exist; Infinity without any. */
  min(): number {
    const { nodesIn } = this.column;
    let min = Number.POSITIVE_INFINITY;
    for (let domain = 0; domain < nodesIn.length; domain++) {
      if (nodesIn[domain] === 0) continue;
      const count = this.counts[domain] ?? 0;
      if (count === 0) return 0;
      if (count < min) min = count;
    }
    return min;
  }

  private count(domain: number, amount: number): void {
    if (domain === NO_DOMAIN) return;
    while (this.counts.length <= domain) this.counts.push(0);
    this.counts[domain] = (this.counts[domain] ?? 0) + amount;
    this.total += amount;
  }
}
