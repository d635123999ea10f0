import { nothingObserved, observe, type Observed } from "#api/advice/recommend";
import type { KubeObject } from "#api/machinery/meta";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { LabelSelector, Pod } from "#api/schema/types";

/** A workload with a pod template. */
export interface Workload extends KubeObject {
  readonly spec: { readonly selector: LabelSelector };
}

export interface VerticalInput {
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** undefined: it is not time for a look, or the figures could not be had. */
  readonly figures?: readonly Figure[];
}

/** One item of metrics.k8s.io's list of pods. */
export interface Figure {
  readonly pod: string;
  readonly timestamp: string;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string>>;
  }[];
}

/**
 * In memory alone. Invariant: without it nothing is resized before enough was seen again, so a restart changes nothing
 * for the pods.
 */
export interface VerticalMemory {
  readonly uid: string | undefined;
  readonly dueMs: number;
  readonly observed: Readonly<Record<string, Observed>>;
  /** By pod: the figure that was counted last. */
  readonly counted: Readonly<Record<string, string>>;
}

/** Nodes measure for a minute after somebody has asked. */
export const LOOK_PERIOD_MS = 30_000;

export function dueInMs(
  { metadata }: Workload,
  memory: VerticalMemory | undefined,
  nowMs: number,
): number {
  return memory && memory.uid === metadata.uid ? memory.dueMs - nowMs : 0;
}

export function podsOf({ spec, metadata }: Workload, pods: readonly Pod[]): Pod[] {
  const selector = selectorFromLabelSelector(spec.selector);
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      selector.matches(pod.metadata.labels) &&
      !pod.metadata.deletionTimestamp &&
      pod.status?.phase === "Running",
  );
}

/** A figure that was counted before is not counted again. */
export function remembering(
  { workload, pods, figures = [] }: VerticalInput,
  former: VerticalMemory | undefined,
  nowMs: number,
): VerticalMemory {
  const { uid } = workload.metadata;
  const known = former?.uid === uid ? former : undefined;
  const observed: Record<string, Observed> = { ...known?.observed };
  const counted: Record<string, string> = {};
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  for (const { pod, timestamp, containers } of figures) {
    if (!names.has(pod)) continue;
    counted[pod] = timestamp;
    if (known?.counted[pod] === timestamp) continue;
    for (const { name, usage } of containers) {
      const before = observedOf(observed, name) ?? nothingObserved(nowMs);
      observed[name] = observe(before, usage, nowMs);
    }
  }
  return { uid, dueMs: nowMs + LOOK_PERIOD_MS, observed, counted };
}

/** Containers may be called "constructor". */
export function observedOf(
  observed: VerticalMemory["observed"],
  container: string,
): Observed | undefined {
  return Object.hasOwn(observed, container) ? observed[container] : undefined;
}
