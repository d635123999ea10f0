import type { Node, Pod } from "#api/schema/types";
import type { NodeState, Resources } from "#control-plane/scheduler/snapshot";

/**
 * The scheduling framework: a plugin is data and pure functions over one pod and one node of a snapshot.
 * The extension points are Kubernetes' own. Adding a plugin: a file under plugins/ and a line in its index.
 */
export interface Plugin {
  readonly name: string;
  /** Computed once per pod and handed to `filter` and `score`; undefined: this plugin has nothing to say. */
  readonly prepare?: (pod: PodToPlace) => unknown;
  /** The sentence users read when the node cannot take the pod; undefined: it can. */
  readonly filter?: (
    prepared: unknown,
    pod: PodToPlace,
    node: NodeState,
  ) => string | readonly string[] | undefined;
  /** Any number: higher is better. `normalize` brings a cycle's scores to 0..100. */
  readonly score?: (prepared: unknown, pod: PodToPlace, node: NodeState) => number;
  readonly normalize?: (scores: Float64Array) => void;
  readonly weight?: number;
  /** Which changes of the cluster can make a pod fit that this plugin refused. */
  readonly retryOn: readonly ClusterEvent["type"][];
}

export type ClusterEvent =
  | { readonly type: "nodeAdded"; readonly node: Node }
  | { readonly type: "nodeChanged"; readonly node: Node }
  /** A pod ended or was deleted: its node has room again. */
  | { readonly type: "podGone"; readonly nodeName: string };

/** A pod with what scheduling needs of it, computed once when it enters the queue. */
export interface PodToPlace {
  readonly key: string;
  readonly pod: Pod;
  readonly priority: number;
  readonly requests: Resources;
}

/** The shared end of a normalize: 0..max becomes 0..100 (or 100..0 when less is better). */
export function normalizeByMax(scores: Float64Array, isReversed = false): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  for (let i = 0; i < scores.length; i++) {
    const share = max === 0 ? 0 : ((scores[i] ?? 0) * 100) / max;
    scores[i] = isReversed ? 100 - share : share;
  }
}
