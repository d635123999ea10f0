import type { HorizontalPodAutoscaler, Pod } from "#api/schema/types";
import type { Target } from "#control-plane/controllers/horizontal-pod-autoscaler/target";

/** What one look at an autoscaler goes by, and what it keeps for the next. */
export interface AutoscalerInput {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly target: Target;
  /** undefined: it is not time for a look. */
  readonly look?: Look;
}

export interface Look {
  /** The pods that the target's selector finds. */
  readonly pods: readonly Pod[];
  /** Names of other autoscalers whose targets' selectors find some of these pods. */
  readonly contenders: readonly string[];
  readonly metrics: PodMetrics;
  /** To the metrics of the spec that are neither cpu nor memory, by their place in it. */
  readonly answers?: ReadonlyMap<number, MetricAnswer>;
}

/** What custom.metrics.k8s.io or external.metrics.k8s.io has said of one metric. */
export type MetricAnswer =
  | { readonly type: "read"; readonly values: readonly MetricFigure[] }
  | { readonly type: "failed"; readonly problem: string };

export interface MetricFigure {
  /** Of the object that it is about; "" where it is about none. */
  readonly name: string;
  readonly millis: number;
  readonly timestampMs: number;
  readonly windowMs: number;
}

export type PodMetrics =
  | { readonly type: "read"; readonly pods: readonly PodUsage[] }
  | { readonly type: "failed"; readonly problem: string };

/** metrics.k8s.io's PodMetrics, of which the quantities are known to be quantities. */
export interface PodUsage {
  readonly name: string;
  readonly timestampMs: number;
  readonly windowMs: number;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string>>;
  }[];
}

/**
 * Lives in memory, as Kubernetes keeps it. Invariant: without it, as after a restart, the current number of replicas
 * counts as recommended just now, so nothing is scaled down before a whole stabilization window has passed.
 */
export interface AutoscalerMemory {
  /** Which object, with which spec, it is about. */
  readonly uid: string | undefined;
  readonly specText: string;
  /** Not before this time is a look needed while the spec stays the same. */
  readonly dueMs: number;
  /** What was recommended before stabilization; none older than the longest window. */
  readonly recommendations: readonly Recommended[];
  /** Numbers of replicas added (positive) and taken away (negative); none older than the longest policy. */
  readonly changes: readonly ReplicaChange[];
  /** Complaints of the last look, which need not be told again. */
  readonly told: readonly string[];
}

export interface Recommended {
  readonly replicas: number;
  readonly atMs: number;
}

export interface ReplicaChange {
  readonly change: number;
  readonly atMs: number;
}

/** --horizontal-pod-autoscaler-sync-period */
export const SYNC_PERIOD_MS = 15_000;

/** Memory of a former object of the same name is of no use. */
export function memoryOf(
  { metadata }: HorizontalPodAutoscaler,
  memory: AutoscalerMemory | undefined,
): AutoscalerMemory | undefined {
  return memory?.uid === metadata.uid ? memory : undefined;
}

/** 0 and less: now. */
export function dueInMs(
  autoscaler: HorizontalPodAutoscaler,
  memory: AutoscalerMemory | undefined,
  nowMs: number,
): number {
  const known = memoryOf(autoscaler, memory);
  return known?.specText === textOf(autoscaler) ? known.dueMs - nowMs : 0;
}

/** Autoscalers have no generation. */
export function textOf({ spec }: HorizontalPodAutoscaler): string {
  return JSON.stringify(spec);
}

export function minReplicasOf({ spec }: HorizontalPodAutoscaler): number {
  return spec.minReplicas ?? 1;
}
