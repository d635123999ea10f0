import { useState } from "preact/hooks";
import type { Node } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { AttentionList } from "#dashboard/parts/attention";
import { ClusterCharts } from "#dashboard/parts/cluster-charts";
import type { Range } from "#dashboard/parts/history-charts";
import {
  capacityOf,
  newestUse,
  type NodeUse,
  overcommit,
  usagePercent,
} from "#dashboard/parts/node-use";
import { Notice } from "#dashboard/parts/notice";
import { PodPhases } from "#dashboard/parts/pod-phases";
import { useScope } from "#dashboard/parts/scope";
import { UsageBar } from "#dashboard/parts/usage-bar";
import { useObjects } from "#dashboard/parts/use-collection";
import { useHistory } from "#dashboard/parts/use-history";
import { usePodsSummary } from "#dashboard/parts/use-pods-summary";
import { WarningEvents } from "#dashboard/parts/warning-events";

const none: NodeUse = { cpuMillis: 0, memoryBytes: 0 };

/** The cluster at a glance: what it has, what is asked of it, what is used, and what is wrong. */
export function OverviewPage() {
  const { namespace } = useScope();
  const nodes = useObjects<Node>(resources.nodes);
  const [range, setRange] = useState<Range>("15m");
  const followed = useHistory({ of: "cluster", range });
  const pods = usePodsSummary(namespace);
  const requested = pods.summary?.requested ?? none;
  const all = [...nodes.items.values()];
  const capacity = capacityOf(all);
  const used = newestUse(followed.answer?.series[0]);
  const isRead = nodes.isComplete && pods.summary !== undefined;
  return (
    <>
      <div class="top">
        <h1>Overview</h1>
      </div>
      <Notice text={nodes.problem} isError />
      <Notice text={pods.problem} isError />
      <div class="cards">
        {nodes.isComplete && <NodesCard nodes={all} />}
        {isRead &&
          USES.map(([title, field]) => (
            <UseCard
              key={title}
              {...{ title, namespace }}
              used={used[field]}
              requested={requested[field]}
              capacity={capacity[field]}
            />
          ))}
        <PodPhases summary={pods.summary} />
      </div>
      <AttentionList pods={pods} />
      <ClusterCharts {...{ followed, range, onRange: setRange, requested, namespace, capacity }} />
      <WarningEvents />
    </>
  );
}

const USES = [
  ["CPU", "cpuMillis"],
  ["Memory", "memoryBytes"],
] as const;

function NodesCard({ nodes }: { nodes: readonly Node[] }) {
  const ready = nodes.filter(isReady).length;
  return (
    <section class="card">
      <h2>
        <a href={hrefOf(["nodes"])}>Nodes</a>
      </h2>
      <div class={ready < nodes.length ? "figure bad" : "figure"}>
        {ready} <span class="soft">of {nodes.length} ready</span>
      </div>
    </section>
  );
}

interface UseCardProps {
  readonly title: string;
  readonly used: number;
  readonly requested: number;
  readonly capacity: number;
  readonly namespace: string | undefined;
}

function UseCard({ title, used, requested, capacity, namespace }: UseCardProps) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <UsageBar used={usagePercent(used, capacity)} requested={usagePercent(requested, capacity)} />
      <p class="soft">{overcommit(requested, capacity, namespace)}</p>
    </section>
  );
}

function isReady({ status }: Node): boolean {
  return (status?.conditions ?? []).some((one) => one.type === "Ready" && one.status === "True");
}
