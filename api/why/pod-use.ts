import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";

/** What the containers of a pod use now: an item of metrics.k8s.io's PodMetricsList. */
export interface PodUse {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string | undefined>>;
  }[];
}

/** From here on a container is held back by its limit, or about to be. In percent. */
const AT_CPU_LIMIT = 95;
const NEAR_MEMORY_LIMIT = 90;

export function useOf(pod: Pod, all: readonly PodUse[] | undefined): PodUse | undefined {
  const { name, namespace } = pod.metadata;
  return all?.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

/** Containers at their limits: cpu makes them slow, memory gets them killed. */
export function limitLines(pod: Pod, use: PodUse | undefined): string[] {
  return (use?.containers ?? []).flatMap(({ name, usage }) => {
    const { cpu, memory } =
      pod.spec.containers.find((one) => one.name === name)?.resources?.limits ?? {};
    const slow = percentOf(milliCpu(usage.cpu), milliCpu(cpu));
    const full = percentOf(bytes(usage.memory), bytes(memory));
    return [
      ...(slow >= AT_CPU_LIMIT
        ? [`container ${name} is throttled: it uses ${slow} % of its cpu limit ${cpu}`]
        : []),
      ...(full >= NEAR_MEMORY_LIMIT
        ? [
            `container ${name} uses ${full} % of its memory limit ${memory}: beyond it, it is killed`,
          ]
        : []),
    ];
  });
}

function percentOf(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 100) : 0;
}
