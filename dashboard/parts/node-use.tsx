import { useEffect, useState } from "preact/hooks";
import { podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import { apiJson } from "#dashboard/model/api-request";
import { pathOf, resources } from "#dashboard/model/resources";

export interface NodeUse {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

interface NodeMetrics {
  readonly metadata: { readonly name: string };
  readonly usage: { readonly cpu?: string; readonly memory?: string };
}

/** Measurements have no watch: they are read again at the agents' own pace. */
const REFRESH_MS = 15_000;

export function useNodeMetrics(): {
  readonly byNode: ReadonlyMap<string, NodeUse>;
  readonly total: NodeUse;
} {
  const [byNode, setByNode] = useState<ReadonlyMap<string, NodeUse>>(new Map());
  useEffect(() => {
    const abort = new AbortController();
    const read = (): void => {
      apiJson<{ items: NodeMetrics[] }>(pathOf(resources.nodeMetrics), {
        signal: abort.signal,
      }).then(
        ({ items }) => setByNode(new Map(items.map((one) => [one.metadata.name, useOf(one)]))),
        // Who may not read them sees no use; the page says what it knows.
        () => undefined,
      );
    };
    read();
    const timer = setInterval(read, REFRESH_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, []);
  return { byNode, total: sum([...byNode.values()]) };
}

/** What these pods ask for, in all. */
export function requestedBy(pods: readonly Pod[]): NodeUse {
  return sum(pods.filter((pod) => pod.spec.nodeName && !isPodTerminal(pod)).map(podRequests));
}

export function usagePercent(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0;
}

function useOf({ usage }: NodeMetrics): NodeUse {
  return { cpuMillis: milliCpu(usage.cpu), memoryBytes: bytes(usage.memory) };
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
