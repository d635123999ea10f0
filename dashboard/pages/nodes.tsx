import { commitments, type NodeCommitment } from "#api/capacity/commitments";
import type { HistorySeries } from "#api/history/answer";
import type { Node, Pod } from "#api/schema/types";
import { objectParts, resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { formatAge } from "#dashboard/model/units";
import { Grid, type GridColumn } from "#dashboard/parts/grid";
import { Sparkline } from "#dashboard/parts/chart";
import { newestUse, percentText, usagePercent } from "#dashboard/parts/node-use";
import { NameLink } from "#dashboard/parts/name-link";
import { Notice } from "#dashboard/parts/notice";
import { Tone } from "#dashboard/parts/tone";
import { useHistory } from "#dashboard/parts/use-history";
import { useObjects } from "#dashboard/parts/use-collection";

interface NodeRow {
  readonly node: Node;
  readonly state: string;
  readonly pods: number | undefined;
  readonly requestedCpu: number | undefined;
  readonly requestedMemory: number | undefined;
  readonly usedCpu: number | undefined;
  readonly usedMemory: number | undefined;
  readonly series: HistorySeries | undefined;
}

/** Of nodes whose pods the viewer may not see. */
const unseen = { pods: undefined, requestedCpu: undefined, requestedMemory: undefined };

/** The nodes with what they have, what is requested of them and what is used. */
export function NodesPage() {
  const nodes = useObjects<Node>(resources.nodes);
  const pods = useObjects<Pod>(resources.pods);
  const { answer } = useHistory({ of: "nodes", range: "15m" });
  const byNode = new Map(answer?.series.map((one) => [one.labels.node ?? "", one]));
  const all = [...nodes.items.values()];
  const seesPods = pods.isComplete || !pods.problem;
  const committed = commitments(all, [...pods.items.values()]);
  const rows = all.flatMap((node, at) => {
    const own = committed[at];
    if (!own) return [];
    const row = rowOf(node, own, byNode.get(node.metadata.name));
    return [seesPods ? row : { ...row, ...unseen }];
  });
  const problems = [...new Set([nodes, pods].flatMap(({ problem }) => problem ?? []))];
  return (
    <>
      <div class="top">
        <h1>Nodes</h1>
      </div>
      <Notice text={problems.join("; ") || undefined} isError />
      <Grid
        label="Nodes"
        rows={rows}
        empty={nodes.isComplete ? "No node has joined." : "Reading …"}
        keyOf={({ node }) => node.metadata.uid ?? ""}
        hrefOf={hrefOfRow}
        columns={columns}
      />
    </>
  );
}

function hrefOfRow({ node }: NodeRow): string {
  return hrefOf([...objectParts(resources.nodes), "-", node.metadata.name]);
}

const columns: readonly GridColumn<NodeRow>[] = [
  {
    name: "Name",
    width: "minmax(160px, 1fr)",
    text: ({ node }) => node.metadata.name,
    view: (row) => <NameLink href={hrefOfRow(row)} name={row.node.metadata.name} />,
  },
  {
    name: "Status",
    isPlain: true,
    width: "minmax(140px, 1fr)",
    text: ({ state }) => state,
    view: ({ state }) => <Tone word={state} />,
  },
  { name: "Pods", width: "80px", text: ({ pods: count }) => count ?? "–" },
  {
    name: "CPU used",
    width: "150px",
    text: ({ usedCpu }) => percentText(usedCpu),
    view: ({ usedCpu, series }) => (
      <Course text={percentText(usedCpu)} values={series?.values.cpu} />
    ),
  },
  { name: "CPU requested", width: "130px", text: ({ requestedCpu }) => percentText(requestedCpu) },
  {
    name: "Memory used",
    width: "150px",
    text: ({ usedMemory }) => percentText(usedMemory),
    view: ({ usedMemory, series }) => (
      <Course text={percentText(usedMemory)} values={series?.values.memory} />
    ),
  },
  {
    name: "Memory requested",
    width: "150px",
    text: ({ requestedMemory }) => percentText(requestedMemory),
  },
  {
    name: "Age",
    width: "80px",
    text: ({ node }) => formatAge(node.metadata.creationTimestamp, Date.now()),
    // The words of an age do not sort.
    order: ({ node }) => -Date.parse(node.metadata.creationTimestamp ?? ""),
  },
];

function rowOf(
  node: Node,
  { cpuMillis: cpu, memoryBytes: memory, pods }: NodeCommitment,
  series: HistorySeries | undefined,
): NodeRow {
  const used = newestUse(series);
  return {
    ...{ node, series },
    state: stateOf(node),
    pods: pods.count,
    requestedCpu: usagePercent(cpu.requested, cpu.allocatable),
    requestedMemory: usagePercent(memory.requested, memory.allocatable),
    usedCpu: series && usagePercent(used.cpuMillis, cpu.allocatable),
    usedMemory: series && usagePercent(used.memoryBytes, memory.allocatable),
  };
}

/** A value and how it came to be. */
function Course({
  text,
  values,
}: {
  text: string;
  values: readonly (number | null)[] | undefined;
}) {
  return (
    <span class="course">
      {text} {values && <Sparkline values={values} label={`${text}, of the last 15 minutes`} />}
    </span>
  );
}

function stateOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const words = [ready?.status === "True" ? "Ready" : "NotReady"];
  if (spec?.unschedulable) words.push("SchedulingDisabled");
  return words.join(",");
}
