import type { NodeState } from "#control-plane/scheduler/node-state";

/** The nodes that refused a pod, in the order of looking, with the codes of their refusals (local-verdicts.ts). */
export class Refused {
  private readonly nodes: NodeState[] = [];
  private readonly codes: number[] = [];

  add(node: NodeState, code: number): void {
    this.nodes.push(node);
    this.codes.push(code);
  }

  /** How many nodes gave each code. */
  get counts(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    let last = 0;
    let run = 0;
    // Neighbours mostly refuse alike.
    for (const code of this.codes) {
      if (code === last) run++;
      else {
        if (run > 0) counts.set(last, (counts.get(last) ?? 0) + run);
        last = code;
        run = 1;
      }
    }
    if (run > 0) counts.set(last, (counts.get(last) ?? 0) + run);
    return counts;
  }

  nodesWithout(isLeftOut: (code: number) => boolean): readonly NodeState[] {
    const leftOut = new Set([...this.counts.keys()].filter(isLeftOut));
    if (leftOut.size === 0) return this.nodes;
    return this.nodes.filter((_, i) => !leftOut.has(this.codes[i] as number));
  }
}
