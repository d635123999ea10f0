/**
 * What a signature's verdicts come to where few nodes can take its pods: how many nodes gave each code, and which
 * can. Kept from change to change of nodes, so that a pod that fits nowhere costs the nodes that have changed.
 *
 * Invariant: `counts` and `feasible` are those over the last code set for each node.
 */
export class FewNodes {
  /** Up to when changes of nodes have been followed; undefined: all nodes have to be asked. */
  moment: number | undefined;
  /** Nodes that have to be asked again although they have not changed. */
  stale: number[] = [];
  /** How many nodes gave each code, 0 (they can take the pod) left out. */
  readonly counts = new Map<number, number>();
  /** Indexes of nodes that can take the pod. */
  readonly feasible = new Set<number>();
  private readonly codes: (number | undefined)[] = [];

  codeAt(index: number): number | undefined {
    return this.codes[index];
  }

  /** undefined: there is no such node any more. */
  set(index: number, code: number | undefined): void {
    const before = this.codes[index];
    if (before === code) return;
    this.codes[index] = code;
    if (before === 0) this.feasible.delete(index);
    else if (before !== undefined) this.count(before, -1);
    if (code === 0) this.feasible.add(index);
    else if (code !== undefined) this.count(code, 1);
  }

  clear(): void {
    this.counts.clear();
    this.feasible.clear();
    this.codes.length = 0;
    this.stale = [];
    this.moment = undefined;
  }

  private count(code: number, amount: 1 | -1): void {
    const sum = (this.counts.get(code) ?? 0) + amount;
    if (sum === 0) this.counts.delete(code);
    else this.counts.set(code, sum);
  }
}
