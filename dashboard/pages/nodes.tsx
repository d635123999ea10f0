import { isPodTerminal } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import { ageOf } from "#api/machinery/table";
import type { Node, Pod } from "#api/schema/types";
import { objectParts, resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { Grid } from "#dashboard/parts/grid";
import { requestsOf, usagePercent, useNodeMetrics } from "#dashboard/parts/node-use";
import { Notice } from "#dashboard/parts/notice";
import { Tone } from "#dashboard/parts/tone";
import { useObjects } from "#dashboard/parts/use-collection";

interface NodeRow {
  readonly node: Node;
  readonly state: string;
  readonly pods: number;
  readonly requestedCpu: number;
  readonly requestedMemory: number;
  readonly usedCpu: number;
  readonly usedMemory: number;
}

/** The nodes with what they have, what is requested of them and what is used. */
export function NodesPage() {
  const nodes = useObjects<Node>(resources.nodes);
  const pods = useObjects<Pod>(resources.pods);
  const { byNode } = useNodeMetrics();
  const rows = [...nodes.items.values()].map((node) =>
    rowOf(node, [...pods.items.values()], byNode.get(node.metadata.name)),
  );
  const percent = (value: number): string => `${Math.round(value)} %`;
  const hrefOfRow = ({ node }: NodeRow): string =>
    hrefOf([...objectParts(resources.nodes), "-", node.metadata.name]);
  return (
    <>
      <div class="top">
        <h1>Nodes</h1>
      </div>
      <Notice text={nodes.problem} isError />
      <Grid
        rows={rows}
        empty={nodes.isComplete ? "No node has joined." : "Reading …"}
        keyOf={({ node }) => node.metadata.uid ?? ""}
        hrefOf={hrefOfRow}
        columns={[
          {
            name: "Name",
            width: "minmax(160px, 1fr)",
            text: ({ node }) => node.metadata.name,
            view: (row) => <a href={hrefOfRow(row)}>{row.node.metadata.name}</a>,
          },
          {
            name: "Status",
            width: "minmax(140px, 1fr)",
            text: ({ state }) => state,
            view: ({ state }) => <Tone word={state} />,
          },
          { name: "Pods", width: "80px", text: ({ pods: count }) => count },
          { name: "CPU used", width: "100px", text: ({ usedCpu }) => percent(usedCpu) },
          { name: "requested", width: "100px", text: ({ requestedCpu }) => percent(requestedCpu) },
          { name: "Memory used", width: "120px", text: ({ usedMemory }) => percent(usedMemory) },
          {
            name: "requested ",
            width: "100px",
            text: ({ requestedMemory }) => percent(requestedMemory),
          },
          {
            name: "Age",
            width: "80px",
            text: ({ node }) => ageOf(node.metadata.creationTimestamp, Date.now()),
          },
        ]}
      />
    </>
  );
}

function rowOf(
  node: Node,
  pods: readonly Pod[],
  used: { readonly cpuMillis: number; readonly memoryBytes: number } | undefined,
): NodeRow {
  const own = pods.filter((pod) => pod.spec.nodeName === node.metadata.name && !isPodTerminal(pod));
  const requests = own.map(requestsOf);
  const cpu = milliCpu(node.status?.allocatable?.cpu);
  const memory = bytes(node.status?.allocatable?.memory);
  const total = (read: (one: (typeof requests)[number]) => number): number =>
    requests.reduce((sum, one) => sum + read(one), 0);
  return {
    node,
    state: stateOf(node),
    pods: own.length,
    requestedCpu: usagePercent(
      total(({ cpuMillis }) => cpuMillis),
      cpu,
    ),
    requestedMemory: usagePercent(
      total(({ memoryBytes }) => memoryBytes),
      memory,
    ),
    usedCpu: usagePercent(used?.cpuMillis ?? 0, cpu),
    usedMemory: usagePercent(used?.memoryBytes ?? 0, memory),
  };
}

function stateOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const words = [ready?.status === "True" ? "Ready" : "NotReady"];
  if (spec?.unschedulable) words.push("SchedulingDisabled");
  return words.join(",");
}
