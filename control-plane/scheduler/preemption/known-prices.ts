import type { Refusal } from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/node-state";
import type { Price } from "#control-plane/scheduler/preemption/victims";
import type { Snapshot } from "#control-plane/scheduler/snapshot";

/** What making room on a node would cost: a price, why no eviction helps, or undefined (nobody to evict). */
export type Answer = Price | Refusal | undefined;

/**
 * What room for pods of one signature and priority costs, node by node, followed from change to change: the next
 * pod of a workload asks only nodes that have changed, and no more than are enough to choose from.
 *
 * Invariant: a node with a price has not changed since it was asked.
 */
export class PriceList {
  readonly prices = new Map<number, Price>();
  readonly refusals = new Map<number, Refusal | undefined>();
  /** How many prices break no disruption budget. */
  peaceful = 0;
  private moment: number | undefined;
  /** Indexes of nodes to be asked, the next one last. */
  private unknown: number[] = [];
  private readonly isUnknown = new Set<number>();

  follow(snapshot: Snapshot): void {
    const changed = this.moment === undefined ? undefined : snapshot.changedSince(this.moment);
    this.moment = snapshot.moment;
    if (changed) {
      for (const index of changed) this.forget(index);
      return;
    }
    this.prices.clear();
    this.refusals.clear();
    this.peaceful = 0;
    this.unknown = snapshot.nodes.map(({ index }) => index).reverse();
    this.isUnknown.clear();
    for (const index of this.unknown) this.isUnknown.add(index);
  }

  /** The next node that nobody has asked as it is now. */
  next(snapshot: Snapshot): NodeState | undefined {
    for (let index = this.unknown.pop(); index !== undefined; index = this.unknown.pop()) {
      this.isUnknown.delete(index);
      const node = snapshot.at(index);
      if (node) return node;
    }
    return undefined;
  }

  answered({ index }: NodeState, answer: Answer): void {
    if (answer === undefined || "type" in answer) {
      this.refusals.set(index, answer);
      return;
    }
    this.prices.set(index, answer);
    if (answer.candidate.violations === 0) this.peaceful++;
  }

  forget(index: number): void {
    if (this.prices.get(index)?.candidate.violations === 0) this.peaceful--;
    this.prices.delete(index);
    this.refusals.delete(index);
    if (this.isUnknown.has(index)) return;
    this.isUnknown.add(index);
    this.unknown.push(index);
  }
}

const MAX_LISTS = 32;

/** Price lists by signature and priority; those used longest ago are given up first. */
export class KnownPrices {
  private readonly lists = new Map<string, PriceList>();
  private budgetsVersion = -1;

  /** Prices hang on disruption budgets too: with these changed, nothing is known any more. */
  for(signature: string, budgetsVersion: number): PriceList {
    if (budgetsVersion !== this.budgetsVersion) this.lists.clear();
    this.budgetsVersion = budgetsVersion;
    const list = this.lists.get(signature) ?? new PriceList();
    this.lists.delete(signature);
    this.lists.set(signature, list);
    if (this.lists.size > MAX_LISTS) {
      const [oldest] = this.lists.keys();
      if (oldest !== undefined) this.lists.delete(oldest);
    }
    return list;
  }
}
