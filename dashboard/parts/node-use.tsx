import type { HistorySeries } from "#api/history/answer";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node } from "#api/schema/types";
import { newestOf } from "#dashboard/model/history";

export interface NodeUse {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/** The newest of a node's series, or of the cluster's. */
export function newestUse(series: HistorySeries | undefined): NodeUse {
  return {
    cpuMillis: (newestOf(series?.values.cpu) ?? 0) * 1000,
    memoryBytes: newestOf(series?.values.memory) ?? 0,
  };
}

/** What all nodes can give to pods. */
export function capacityOf(nodes: readonly Node[]): NodeUse {
  return nodes.reduce<NodeUse>(
    (sum, { status }) => ({
      cpuMillis: sum.cpuMillis + milliCpu(status?.allocatable?.cpu),
      memoryBytes: sum.memoryBytes + bytes(status?.allocatable?.memory),
    }),
    { cpuMillis: 0, memoryBytes: 0 },
  );
}

export function usagePercent(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0;
}

/** "–" of what nobody measures, or the viewer may not see: that is not nothing. */
export function percentText(percent: number | undefined): string {
  return percent === undefined ? "–" : `${Math.round(percent)} %`;
}

/** `namespace`: the requests are of this one alone. */
export function overcommit(requested: number, capacity: number, namespace?: string): string {
  if (capacity === 0) return "no capacity is known";
  const percent = Math.round((requested / capacity) * 100);
  const by = namespace === undefined ? "requested" : `requested by ${namespace}`;
  const text = `${percent} % of what the nodes have is ${by}`;
  return percent <= 100 ? text : `overcommitted: ${text}`;
}
