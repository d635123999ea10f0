import { StatusError } from "#api/machinery/status-error";
import { bytes, milliCpu } from "#api/machinery/quantity";
import { kubeconfigFlag, withClient } from "#cli/admin-client";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatBytes } from "#cli/format";
import { type Commitment, commitments } from "#api/capacity/commitments";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { formatTable } from "#cli/table";
import type { Client } from "#client/client";

const formats = ["json", "yaml"] as const;

export const topCommand = defineCommand({
  name: "top",
  group: "objects",
  summary: "Show how full and how overcommitted each node is",
  flags: [rootDirFlag, kubeconfigFlag, outputFlag(formats)],
  examples: [
    {
      command: "kaji top",
      explains: "use, requests and limits of each node; limits above 100 % are overcommitted",
    },
  ],
  async run(context) {
    const { nodeKind } = await import("#api/kinds/node");
    const { podKind } = await import("#api/kinds/pod");
    await withClient(context, async (client) => {
      const [nodes, pods, use] = await Promise.all([
        client.list(nodeKind),
        client.list(podKind),
        usage(client),
      ]);
      const rows = commitments(nodes.items, pods.items);
      const format = outputOf(context, formats);
      if (format === "json" || format === "yaml") {
        context.print(await formatValue(format, rows));
        return;
      }
      const header = [
        "node",
        "cpu used",
        "requests",
        "limits",
        "memory used",
        "requests",
        "limits",
        "pods",
      ];
      context.print(
        formatTable(
          header,
          rows.map(({ name, cpuMillis, memoryBytes, pods: { count, allocatable } }) => [
            name,
            ofAll(use.get(name)?.cpuMillis, cpuMillis, formatMillis),
            ...promised(cpuMillis, formatMillis),
            ofAll(use.get(name)?.memoryBytes, memoryBytes, formatBytes),
            ...promised(memoryBytes, formatBytes),
            `${count}/${allocatable}`,
          ]),
        ),
      );
    });
  },
});

function promised(commitment: Commitment, format: (amount: number) => string): string[] {
  const { requested, limited } = commitment;
  return [ofAll(requested, commitment, format), ofAll(limited, commitment, format)];
}

function ofAll(
  amount: number | undefined,
  { allocatable }: Commitment,
  format: (amount: number) => string,
): string {
  if (amount === undefined) return "-";
  return allocatable === 0
    ? format(amount)
    : `${format(amount)} (${Math.round((amount * 100) / allocatable)}%)`;
}

function formatMillis(millis: number): string {
  return `${Math.round(millis)}m`;
}

interface Use {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/** What nodes use now, as far as somebody measures it. */
async function usage(client: Client): Promise<ReadonlyMap<string, Use>> {
  try {
    const list = (await client.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes")) as {
      readonly items?: readonly {
        readonly metadata: { readonly name: string };
        readonly usage: { readonly cpu: string; readonly memory: string };
      }[];
    };
    return new Map(
      (list.items ?? []).map(({ metadata: { name }, usage: { cpu, memory } }) => [
        name,
        { cpuMillis: milliCpu(cpu), memoryBytes: bytes(memory) },
      ]),
    );
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 503))
      return new Map();
    throw error;
  }
}
