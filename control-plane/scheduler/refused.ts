import type { FewNodes } from "#control-plane/scheduler/few-nodes";
import type { NodeState } from "#control-plane/scheduler/node-state";
import type { Snapshot } from "#control-plane/scheduler/snapshot";

/** The nodes that refused a pod, by the codes of their refusals (local-verdicts.ts). */
export interface Refused {
  /** How many nodes gave each code. */
  readonly counts: ReadonlyMap<number, number>;
  nodesWithout(isLeftOut: (code: number) => boolean): readonly NodeState[];
}

export function countOf({ counts }: Refused, isMeant: (code: number) => boolean): number {
  let sum = 0;
  for (const [code, nodes] of counts) if (isMeant(code)) sum += nodes;
  return sum;
}

/** Collected one by one, in the order of looking. */
export class RefusedNodes implements Refused {
  private readonly nodes: NodeState[] = [];
  private readonly codes: number[] = [];

  add(node: NodeState, code: number): void {
    this.nodes.push(node);
    this.codes.push(code);
  }

  get counts(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const code of this.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts;
  }

  nodesWithout(isLeftOut: (code: number) => boolean): readonly NodeState[] {
    return this.nodes.filter((_, i) => !isLeftOut(this.codes[i] as number));
  }
}

/** Those that were followed; `own`: the node kept for the pod itself, which was asked apart. */
export function refusedOfFew(
  few: FewNodes,
  snapshot: Snapshot,
  own: { readonly node: NodeState; readonly code: number } | undefined,
): Refused {
  const counts = new Map(few.counts);
  const followed = own && few.codeAt(own.node.index);
  if (followed) counts.set(followed, (counts.get(followed) ?? 0) - 1);
  if (own && own.code !== 0) counts.set(own.code, (counts.get(own.code) ?? 0) + 1);
  for (const [code, nodes] of counts) if (nodes === 0) counts.delete(code);
  const codeAt = (node: NodeState): number =>
    own?.node === node ? own.code : (few.codeAt(node.index) ?? 0);
  return {
    counts,
    nodesWithout: (isLeftOut) =>
      snapshot.nodes.filter((node) => {
        const code = codeAt(node);
        return code !== 0 && !isLeftOut(code);
      }),
  };
}
