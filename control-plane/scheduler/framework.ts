import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Lister } from "#client/informer";
import type { NodeState, PlacedPod } from "#control-plane/scheduler/node-state";
import type { Snapshot } from "#control-plane/scheduler/snapshot";

/**
 * The scheduling framework: a plugin is data and functions over one pod and one node of a snapshot. The
 * extension points are Kubernetes' own. Adding a plugin: a file under plugins/ and a line in its index.
 *
 * Per pod: gate (may it be tried?) -> prepare -> narrow -> filter per node -> prepareScore -> score per node
 * -> normalize -> reserve -> permit -> preBind -> bind -> postBind. When no node passes: postFilter.
 *
 * Up to `permit` everything is synchronous and decides on one snapshot; only `preBind` may wait.
 * What a plugin must remember between calls lives in `view.own`, once per running scheduler.
 */
export interface Plugin {
  readonly name: string;
  /**
   * Says that `filter` and `score` read of the pod only what `signature.ts` lists, and of the cluster only
   * the one node: their answers are then kept until that node changes. Leave it out when in doubt.
   */
  readonly isLocal?: true;

  /** Why the pod may not be tried at all yet (PreEnqueue); `retryOn` says when to ask again. */
  readonly gate?: (pod: PodToPlace, view: ClusterView) => Refusal | undefined;
  /** Which of two waiting pods goes first (negative: `a`). The first plugin of a profile that has it decides. */
  readonly compare?: (a: QueuedPod, b: QueuedPod) => number;

  /**
   * Once per pod (PreFilter): what `filter`, `narrow` and `score` are handed. undefined: the plugin has
   * nothing to say of this pod, unless it has `prepareScore`. A Refusal: no node can take it.
   */
  readonly prepare?: (pod: PodToPlace, view: ClusterView) => unknown;
  /** Names of the only nodes worth looking at; undefined: all. */
  readonly narrow?: (prepared: unknown, pod: PodToPlace) => readonly string[] | undefined;
  /** Why this node cannot take the pod; undefined: it can. Caller has called `prepare`. */
  readonly filter?: (prepared: unknown, pod: PodToPlace, node: NodeState) => Refusal | undefined;
  /** No node passed: how room could be made, and what to tell users if it cannot (preemption). */
  readonly postFilter?: (pod: PodToPlace, attempt: FailedAttempt) => RoomPlan;

  /**
   * Once per pod, over the nodes that passed (PreScore), also when `prepare` gave nothing; without it `score`
   * gets what `prepare` gave. undefined: no score.
   */
  readonly prepareScore?: (
    prepared: unknown,
    pod: PodToPlace,
    feasible: readonly NodeState[],
    view: ClusterView,
  ) => unknown;
  /** Any number: higher is better. `normalize` brings a cycle's scores to 0..100. */
  readonly score?: (prepared: unknown, pod: PodToPlace, node: NodeState) => number;
  readonly normalize?: (
    scores: Float64Array,
    prepared: unknown,
    nodes: readonly NodeState[],
  ) => void;
  readonly weight?: number;

  /** Takes what the pod will use on this node; a Refusal undoes what others reserved and tries again later. */
  readonly reserve?: (pod: PodToPlace, node: NodeState, view: ClusterView) => Refusal | undefined;
  /** Gives it back. Called for all plugins, also for those that did not reserve: must be idempotent. */
  readonly unreserve?: (pod: PodToPlace, nodeName: string, view: ClusterView) => void;
  /** Whether binding may begin; `waitMs`: not before `view.waiting.allow`, and refused after that time. */
  readonly permit?: (pod: PodToPlace, node: NodeState, view: ClusterView) => PermitAnswer;
  /** Slow work before the binding (binding volumes). Throws: the pod is unreserved and tried again. */
  readonly preBind?: (pod: PodToPlace, nodeName: string, view: ClusterView) => Promise<void>;
  /** After the binding was written. */
  readonly postBind?: (pod: PodToPlace, nodeName: string, view: ClusterView) => void;

  /** Kinds besides pods and nodes whose changes come as `objectChanged` events; `view.lister` gives them. */
  readonly watches?: readonly Kind[];
  /** Which changes can make a pod fit that this plugin refused (queueing hints). */
  readonly retryOn: RetryHints;
}

/** By type of event: whether this one can help the pod. A type that is not named never helps. */
export type RetryHints = {
  readonly [T in ClusterEvent["type"]]?: (
    event: ClusterEvent & { readonly type: T },
    pod: PodToPlace,
    view: ClusterView,
  ) => boolean;
};

/** The hint that needs no closer look. */
export const always = (): boolean => true;

/** Why a pod does not fit: the sentences users read. */
export interface Refusal {
  readonly type: "refusal";
  readonly reasons: readonly string[];
  /** No eviction of pods would change it (Kubernetes: UnschedulableAndUnresolvable). */
  readonly isFinal: boolean;
}

export function refusal(...reasons: string[]): Refusal {
  return { type: "refusal", reasons, isFinal: false };
}

export function finalRefusal(...reasons: string[]): Refusal {
  return { type: "refusal", reasons, isFinal: true };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && (value as Refusal).type === "refusal";
}

export type PermitAnswer =
  | { readonly type: "allow" }
  | { readonly type: "wait"; readonly waitMs: number }
  | Refusal;

/** What plugins may read of the cluster, and the few things they may do. */
export interface ClusterView {
  readonly snapshot: Snapshot;
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Objects of a kind that a plugin `watches`; an empty lister for any other. */
  lister<T extends KubeObject>(kind: Kind<T>): Lister<T>;
  /** Grows with every change of an object of a watched kind: what was derived from them is void then. */
  version(kind: Kind): number;
  /** Resolves at the next change of an object of a watched kind, or after this time. */
  nextChange(kind: Kind, withinMs: number): Promise<void>;
  /** For `preBind` alone, which may wait and write: decisions read what is in memory. */
  readonly client: Client;
  /** A plugin's own state, made at first use and kept as long as the scheduler runs. */
  own<T>(pluginName: string, create: () => T): T;
  /** Pods that `permit` keeps waiting. */
  readonly waiting: WaitingPods;
  /** Pods not placed yet that are in the queue (for groups that count their members). */
  queued(): Iterable<PodToPlace>;
  /** What `compare` says of waiting pods has changed: the queue is put in order again. */
  resort(): void;
}

export interface WaitingPods {
  list(): readonly WaitingPod[];
  /** The plugin has no objection any more; binding starts when no plugin has. */
  allow(key: string, pluginName: string): void;
  /** The pod is unreserved and goes back to the queue, refused by this plugin. */
  reject(key: string, pluginName: string, message: string): void;
}

export interface WaitingPod {
  readonly pod: PodToPlace;
  readonly nodeName: string;
  /** Names of the plugins it waits for. */
  readonly waitsFor: ReadonlySet<string>;
}

export type ClusterEvent =
  | { readonly type: "nodeAdded"; readonly node: Node }
  | { readonly type: "nodeChanged"; readonly previous: Node; readonly node: Node }
  | { readonly type: "nodeGone"; readonly node: Node }
  /** A pod got its node: others may want to be near it. */
  | { readonly type: "podPlaced"; readonly pod: Pod; readonly nodeName: string }
  /** Labels or requests of a placed pod changed. */
  | { readonly type: "podChanged"; readonly previous: Pod; readonly pod: Pod }
  /** A placed pod ended, was deleted or given up: its node has room again. */
  | { readonly type: "podGone"; readonly pod: Pod; readonly nodeName: string }
  /** An unplaced pod came or went (members of a group). */
  | { readonly type: "podQueued" | "podUnqueued"; readonly pod: Pod }
  /** A watched object of another kind; undefined: it was not there, or is not any more. */
  | {
      readonly type: "objectChanged";
      readonly kind: string;
      readonly previous: KubeObject | undefined;
      readonly current: KubeObject | undefined;
    };

/** A pod with what scheduling needs of it, computed once when it enters the queue (`toPlace`). */
export interface PodToPlace extends PlacedPod {
  /** Equal for pods of which local plugins read the same (signature.ts). */
  readonly signature: string;
  /** The name of the profile that schedules it. */
  readonly profile: string;
}

/** A pod in the queue, for `compare`. */
export interface QueuedPod {
  readonly pod: PodToPlace;
  /** When it was first seen, milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** The pod found no node: what preemption works on. */
export interface FailedAttempt {
  readonly view: ClusterView;
  readonly nodeCount: number;
  /** How many `candidates` there are. */
  readonly candidateCount: number;
  /** Nodes that refused only for what evictions can change; a list as long as the cluster, made when asked for. */
  readonly candidates: readonly NodeState[];
  /** Whether the node refused for a reason that evictions do not change. */
  readonly refusedForGood: (node: NodeState) => boolean;
  /** Whether `refusalNow` about a node hangs on that node alone. */
  readonly isLocal: boolean;
  /** Asks again about a node as the snapshot is now (see `Snapshot.suppose`); undefined: it would take the pod. */
  readonly refusalNow: (node: NodeState) => Refusal | undefined;
}

/** How a pod that found no node gets one: victims end, and the node is kept for the pod. */
export interface RoomPlan {
  /** undefined: no way was found. */
  readonly nodeName?: string;
  readonly victims: readonly PlacedPod[];
  /** Appended to the refusal, with a space before it; empty: nothing. */
  readonly message: string;
  /** No other plugin may make room either: evictions would be in vain. */
  readonly isFinal?: true;
}

/** The shared end of a normalize: 0..max becomes 0..100 (or 100..0 when less is better), in whole numbers. */
export function normalizeByMax(scores: Float64Array, isReversed = false): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  for (let i = 0; i < scores.length; i++) {
    const share = max === 0 ? 0 : Math.floor(((scores[i] ?? 0) * 100) / max);
    scores[i] = isReversed ? 100 - share : share;
  }
}
