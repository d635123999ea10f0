import {
  type Advice,
  advise,
  advisedResources,
  nothingObserved,
  observe,
  type Observed,
} from "#api/advice/recommend";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { KubeObject } from "#api/machinery/meta";
import type { Container, LabelSelector, Pod, PodSpec } from "#api/schema/types";

/** What was seen of the containers of workloads, and what follows from it. Pure. */
export interface Workload extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: { readonly spec?: PodSpec };
  };
}

/** As metrics.k8s.io lists them. */
export interface PodMetrics {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly timestamp: string;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string>>;
  }[];
}

export interface ContainerAdvice {
  readonly workload: Workload;
  readonly container: Container;
  /** undefined: no sample of it was seen. */
  readonly advice: Advice | undefined;
  readonly change: ReturnType<typeof advisedResources>;
}

/** Collects samples: each pod's figure of one moment counts once, however often it is read. */
export class Observations {
  private readonly seen = new Set<string>();
  private readonly byContainer = new Map<string, Observed>();

  add(workloads: readonly Workload[], pods: readonly Pod[], metrics: readonly PodMetrics[]): void {
    const owners = new Map(pods.map((pod) => [keyOf(pod.metadata), ownerOf(workloads, pod)]));
    for (const { metadata, timestamp, containers } of metrics) {
      const owner = owners.get(keyOf(metadata));
      const moment = `${keyOf(metadata)} ${timestamp}`;
      if (!owner || this.seen.has(moment)) continue;
      this.seen.add(moment);
      const atMs = Date.parse(timestamp);
      for (const { name, usage } of containers) {
        const key = containerKey(owner, name);
        this.byContainer.set(
          key,
          observe(this.byContainer.get(key) ?? nothingObserved(atMs), usage, atMs),
        );
      }
    }
  }

  adviceFor(workload: Workload): ContainerAdvice[] {
    return (workload.spec.template.spec?.containers ?? []).map((container) => {
      const observed = this.byContainer.get(containerKey(workload, container.name));
      const advice = observed && advise(observed);
      const change = advice && advisedResources(container.resources ?? {}, advice);
      return { workload, container, advice, change };
    });
  }
}

function ownerOf(workloads: readonly Workload[], { metadata }: Pod): Workload | undefined {
  return workloads.find(
    (one) =>
      one.metadata.namespace === metadata.namespace &&
      selectorFromLabelSelector(one.spec.selector).matches(metadata.labels),
  );
}

function containerKey({ kind, metadata }: Workload, container: string): string {
  return `${kind} ${keyOf(metadata)} ${container}`;
}

function keyOf({
  namespace = "",
  name,
}: {
  readonly namespace?: string | undefined;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}

/** A strategic patch for each workload that should change, as `kubectl patch --patch-file` takes it. */
export function patchesOf(all: readonly ContainerAdvice[]): object[] {
  const changed = new Map<Workload, object[]>();
  for (const { workload, container, change } of all) {
    if (!change) continue;
    changed.set(workload, [
      ...(changed.get(workload) ?? []),
      { name: container.name, resources: change },
    ]);
  }
  return [...changed].map(([{ apiVersion, kind, metadata }, containers]) => {
    const { name, namespace } = metadata;
    return {
      apiVersion,
      kind,
      metadata: { name, namespace },
      spec: { template: { spec: { containers } } },
    };
  });
}
