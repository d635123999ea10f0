import { podLimits, podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import { type PodUse, useOf } from "#api/why/pod-use";
import type { Column } from "#cli/output";
import { formatMemory, formatMillis, share } from "#cli/top/amounts";

export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  /** With --containers. */
  readonly container?: string;
  readonly used?: Amounts;
  readonly requests: Amounts;
  readonly limits: Amounts;
}

interface Amounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/** Of each pod that runs or shall; `byContainer`: a row for each container that is measured. */
export function podRows(
  pods: readonly Pod[],
  uses: readonly PodUse[],
  byContainer: boolean,
): PodRow[] {
  return pods
    .filter((pod) => !isPodTerminal(pod))
    .flatMap((pod) => {
      const use = useOf(pod, uses);
      return byContainer ? containerRows(pod, use) : [rowOf(pod, use)];
    });
}

function placeOf({ metadata, spec }: Pod) {
  const { name, namespace = "default" } = metadata;
  return { namespace, name, node: spec.nodeName ?? "" };
}

function rowOf(pod: Pod, use: PodUse | undefined): PodRow {
  const row = { ...placeOf(pod), requests: podRequests(pod), limits: podLimits(pod) };
  if (!use) return row;
  const used = use.containers.map(({ usage }) => amountsOf(usage));
  return { ...row, used: used.reduce(sum, { cpuMillis: 0, memoryBytes: 0 }) };
}

function containerRows(pod: Pod, use: PodUse | undefined): PodRow[] {
  return pod.spec.containers.map(({ name, resources = {} }) => {
    const measured = use?.containers.find((one) => one.name === name);
    return {
      ...placeOf(pod),
      container: name,
      ...(measured ? { used: amountsOf(measured.usage) } : {}),
      requests: amountsOf(resources.requests ?? {}),
      limits: amountsOf(resources.limits ?? {}),
    };
  });
}

function amountsOf({ cpu, memory }: Readonly<Record<string, string | undefined>>): Amounts {
  return { cpuMillis: milliCpu(cpu), memoryBytes: bytes(memory) };
}

function sum(one: Amounts, other: Amounts): Amounts {
  return {
    cpuMillis: one.cpuMillis + other.cpuMillis,
    memoryBytes: one.memoryBytes + other.memoryBytes,
  };
}

/** What is used, in percent of what was asked for: above 100 it takes what was promised to nobody. */
export function podColumns(options: {
  readonly showsNamespace: boolean;
  readonly byContainer: boolean;
}): readonly Column<PodRow>[] {
  return [
    ...(options.showsNamespace
      ? [{ name: "namespace", value: ({ namespace }: PodRow) => namespace }]
      : []),
    { name: "pod", value: ({ name }) => name },
    ...(options.byContainer
      ? [{ name: "container", value: ({ container = "" }: PodRow) => container }]
      : []),
    {
      name: "cpu used",
      value: ({ used, requests }) => share(used?.cpuMillis, requests.cpuMillis, formatMillis),
    },
    { name: "request", value: ({ requests }) => amount(requests.cpuMillis, formatMillis) },
    { name: "limit", value: ({ limits }) => amount(limits.cpuMillis, formatMillis) },
    {
      name: "memory used",
      value: ({ used, requests }) => share(used?.memoryBytes, requests.memoryBytes, formatMemory),
    },
    { name: "request", value: ({ requests }) => amount(requests.memoryBytes, formatMemory) },
    { name: "limit", value: ({ limits }) => amount(limits.memoryBytes, formatMemory) },
    { name: "node", isWide: true, value: ({ node }) => node || "<none>" },
  ];
}

function amount(value: number, format: (amount: number) => string): string {
  return value > 0 ? format(value) : "-";
}

export const podOrders: Readonly<Record<string, (row: PodRow) => number>> = {
  cpu: ({ used }) => used?.cpuMillis ?? 0,
  memory: ({ used }) => used?.memoryBytes ?? 0,
  requests: ({ requests }) => requests.cpuMillis,
  limits: ({ limits }) => limits.cpuMillis,
};
