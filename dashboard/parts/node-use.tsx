import { podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import type { HistorySeries } from "#api/history/answer";
import { newestOf } from "#dashboard/model/history";
import { oncePer } from "#dashboard/model/once-per";

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

const none: NodeUse = { cpuMillis: 0, memoryBytes: 0 };
const takenBy = oncePer((pod: Pod) =>
  pod.spec.nodeName && !isPodTerminal(pod) ? podRequests(pod) : none,
);

/** What these pods ask for, in all. */
export function requestedBy(pods: readonly Pod[]): NodeUse {
  return sum(pods.map(takenBy));
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

function sum(all: readonly NodeUse[]): NodeUse {
  return all.reduce<NodeUse>(
    (total, one) => ({
      cpuMillis: total.cpuMillis + one.cpuMillis,
      memoryBytes: total.memoryBytes + one.memoryBytes,
    }),
    { cpuMillis: 0, memoryBytes: 0 },
  );
}
