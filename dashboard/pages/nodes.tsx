import { commitments, type NodeCommitment } from "#api/capacity/commitments";
import { ageOf } from "#api/machinery/table";
import type { Node, Pod } from "#api/schema/types";
import { objectParts, resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { Grid } from "#dashboard/parts/grid";
import { type NodeUse, usagePercent, useNodeMetrics } from "#dashboard/parts/node-use";
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
  const all = [...nodes.items.values()];
  const committed = commitments(all, [...pods.items.values()]);
  const rows = all.flatMap((node, at) => {
    const own = committed[at];
    return own ? [rowOf(node, own, byNode.get(node.metadata.name))] : [];
  });
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
  { cpuMillis: cpu, memoryBytes: memory, pods }: NodeCommitment,
  used: NodeUse | undefined,
): NodeRow {
  return {
    node,
    state: stateOf(node),
    pods: pods.count,
    requestedCpu: usagePercent(cpu.requested, cpu.allocatable),
    requestedMemory: usagePercent(memory.requested, memory.allocatable),
    usedCpu: usagePercent(used?.cpuMillis ?? 0, cpu.allocatable),
    usedMemory: usagePercent(used?.memoryBytes ?? 0, memory.allocatable),
  };
}

function stateOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const words = [ready?.status === "True" ? "Ready" : "NotReady"];
  if (spec?.unschedulable) words.push("SchedulingDisabled");
  return words.join(",");
}
