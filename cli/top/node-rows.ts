import { type Commitment, commitments, type NodeCommitment } from "#api/capacity/commitments";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";
import type { Column } from "#cli/output";
import { formatMemory, formatMillis, share } from "#cli/top/amounts";

/** An item of metrics.k8s.io's NodeMetricsList. */
export interface NodeUse {
  readonly metadata: { readonly name: string };
  readonly usage: { readonly cpu: string; readonly memory: string };
}

export interface NodeRow extends NodeCommitment {
  /** undefined: nobody measures it. */
  readonly used?: { readonly cpuMillis: number; readonly memoryBytes: number };
}

export function nodeRows(
  nodes: readonly Node[],
  pods: readonly Pod[],
  uses: readonly NodeUse[],
): NodeRow[] {
  const byName = new Map(uses.map((use) => [use.metadata.name, use.usage]));
  return commitments(nodes, pods).map((row) => {
    const use = byName.get(row.name);
    if (!use) return row;
    return { ...row, used: { cpuMillis: milliCpu(use.cpu), memoryBytes: bytes(use.memory) } };
  });
}

export const nodeColumns: readonly Column<NodeRow>[] = [
  { name: "node", value: ({ name }) => name },
  {
    name: "cpu used",
    value: ({ used, cpuMillis }) => share(used?.cpuMillis, cpuMillis.allocatable, formatMillis),
  },
  { name: "requests", value: ({ cpuMillis }) => requested(cpuMillis, formatMillis) },
  { name: "limits", value: ({ cpuMillis }) => limited(cpuMillis, formatMillis) },
  {
    name: "memory used",
    value: ({ used, memoryBytes }) =>
      share(used?.memoryBytes, memoryBytes.allocatable, formatMemory),
  },
  { name: "requests", value: ({ memoryBytes }) => requested(memoryBytes, formatMemory) },
  { name: "limits", value: ({ memoryBytes }) => limited(memoryBytes, formatMemory) },
  { name: "pods", value: ({ pods }) => `${pods.count}/${pods.allocatable}` },
  {
    name: "allocatable",
    isWide: true,
    value: ({ cpuMillis, memoryBytes }) =>
      `${formatMillis(cpuMillis.allocatable)}, ${formatMemory(memoryBytes.allocatable)}`,
  },
];

function requested({ requested: amount, allocatable }: Commitment, format: Format): string {
  return share(amount, allocatable, format);
}

function limited({ limited: amount, allocatable }: Commitment, format: Format): string {
  return share(amount, allocatable, format);
}

type Format = (amount: number) => string;

export const nodeOrders: Readonly<Record<string, (row: NodeRow) => number>> = {
  cpu: ({ used }) => used?.cpuMillis ?? 0,
  memory: ({ used }) => used?.memoryBytes ?? 0,
  requests: ({ cpuMillis }) => shareOf(cpuMillis.requested, cpuMillis.allocatable),
  limits: ({ cpuMillis }) => shareOf(cpuMillis.limited, cpuMillis.allocatable),
  pods: ({ pods }) => pods.count,
};

function shareOf(amount: number, all: number): number {
  return all === 0 ? 0 : amount / all;
}
