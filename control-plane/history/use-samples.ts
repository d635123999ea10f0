import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Measured } from "#control-plane/apiserver/node-streams";
import type { Tables } from "#control-plane/history/tables";

/** The name of the ReplicaSet (or other controller) of a pod, for sums by version; "" without one. */
export type OwnerOf = (namespace: string, pod: string) => string;

interface Usage {
  readonly cpu?: string;
  readonly memory?: string;
}

interface NodeMetrics {
  readonly metadata: { readonly name: string };
  readonly usage?: Usage;
}

interface PodMetrics {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly containers?: readonly { readonly usage?: Usage }[];
}

/** NodeMetrics and PodMetrics as the agents send them, into the rings. */
export function absorbUse(
  tables: Tables,
  { nodes, pods }: Measured,
  ownerOf: OwnerOf,
  nowMs: number,
): void {
  const total = [0, 0];
  let known = 0;
  for (const { metadata, usage } of nodes as readonly NodeMetrics[]) {
    const values = useOf(usage ? [usage] : []);
    if (!values) continue;
    known++;
    for (const [i, value] of values.entries()) total[i] = (total[i] ?? 0) + value;
    const { name: node } = metadata;
    tables.nodes.take(node, nowMs, () => ({ node }))?.add(nowMs, values);
  }
  if (known > 0) tables.cluster.take("", nowMs, () => ({}))?.add(nowMs, total);
  for (const { metadata, containers = [] } of pods as readonly PodMetrics[]) {
    const { name: pod, namespace = "" } = metadata;
    const labels = () => ({ namespace, pod, owner: ownerOf(namespace, pod) });
    const series = tables.pods.take(podKey(namespace, pod), nowMs, labels);
    const values = series && useOf(containers.flatMap(({ usage }) => usage ?? []));
    if (values) series.add(nowMs, values);
  }
}

export function podKey(namespace: string, pod: string): string {
  return `${namespace}/${pod}`;
}

/** Cores and bytes. undefined: an agent said what is no quantity, and the others count all the same. */
function useOf(usages: readonly Usage[]): number[] | undefined {
  let [cores, memoryBytes] = [0, 0];
  try {
    for (const { cpu, memory } of usages) {
      cores += coresOf(cpu);
      memoryBytes += bytes(memory);
    }
  } catch {
    return undefined;
  }
  return Number.isFinite(cores) ? [cores, memoryBytes] : undefined;
}

/** Agents say nanocores, and a thousandth would be too coarse; the way through BigInt takes ten times as long. */
function coresOf(text: string | undefined): number {
  return text?.endsWith("n") ? Number(text.slice(0, -1)) / 1e9 : milliCpu(text) / 1000;
}
