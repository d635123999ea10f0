import type { Refusal } from "#control-plane/scheduler/framework";
import type { Price } from "#control-plane/scheduler/preemption/victims";

/** What making room on a node would cost: a price, why no eviction helps, or undefined (nobody to evict). */
export type Answer = Price | Refusal | undefined;

interface Known {
  readonly version: number;
  readonly answer: Answer;
}

const MAX_SIGNATURES = 32;

/**
 * Remembers what room costs by signature and priority, per version of a node: the next pod of a workload asks
 * only the nodes that have changed. Good only for pods about which nodes can be asked one by one.
 */
export class KnownPrices {
  private readonly bySignature = new Map<string, Map<number, Known>>();
  private budgetsVersion = -1;

  /** By node index. Prices hang on disruption budgets too: with these changed, nothing is known any more. */
  for(signature: string, budgetsVersion: number): Map<number, Known> {
    if (budgetsVersion !== this.budgetsVersion) this.bySignature.clear();
    this.budgetsVersion = budgetsVersion;
    const known = this.bySignature.get(signature) ?? new Map<number, Known>();
    this.bySignature.delete(signature);
    this.bySignature.set(signature, known);
    if (this.bySignature.size > MAX_SIGNATURES) {
      const [oldest] = this.bySignature.keys();
      if (oldest !== undefined) this.bySignature.delete(oldest);
    }
    return known;
  }
}
