import { useState } from "preact/hooks";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { AttentionList } from "#dashboard/parts/attention";
import { ClusterCharts } from "#dashboard/parts/cluster-charts";
import type { Range } from "#dashboard/parts/history-charts";
import {
  newestUse,
  type NodeUse,
  overcommit,
  requestedBy,
  usagePercent,
} from "#dashboard/parts/node-use";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";
import { UsageBar } from "#dashboard/parts/usage-bar";
import { useHistory } from "#dashboard/parts/use-history";
import { WarningEvents } from "#dashboard/parts/warning-events";
import { PodPhases } from "#dashboard/parts/pod-phases";

/** The cluster at a glance: what it has, what is asked of it, what is used, and what is wrong. */
export function OverviewPage() {
  const nodes = useObjects<Node>(resources.nodes);
  const [range, setRange] = useState<Range>("15m");
  const followed = useHistory({ of: "cluster", range });
  const used = newestUse(followed.answer?.series[0]);
  const { namespace } = useScope();
  const collection = useObjects<Pod>(resources.pods, { namespace });
  const pods = [...collection.items.values()];
  const requested = requestedBy(pods);
  const all = [...nodes.items.values()];
  const ready = all.filter((node) => isReady(node)).length;
  const capacity = all.reduce<NodeUse>(
    (sum, { status }) => ({
      cpuMillis: sum.cpuMillis + milliCpu(status?.allocatable?.cpu),
      memoryBytes: sum.memoryBytes + bytes(status?.allocatable?.memory),
    }),
    { cpuMillis: 0, memoryBytes: 0 },
  );
  return (
    <>
      <div class="top">
        <h1>Overview</h1>
      </div>
      <Notice text={nodes.problem} isError />
      <div class="cards">
        {(all.length > 0 || !nodes.problem) && (
          <>
            <section class="card">
              <h2>
                <a href={hrefOf(["nodes"])}>Nodes</a>
              </h2>
              <div class={ready < all.length ? "figure bad" : "figure"}>
                {ready} <span class="soft">of {all.length} ready</span>
              </div>
            </section>
            <section class="card">
              <h2>CPU</h2>
              <UsageBar
                used={usagePercent(used.cpuMillis, capacity.cpuMillis)}
                requested={usagePercent(requested.cpuMillis, capacity.cpuMillis)}
              />
              <p class="soft">{overcommit(requested.cpuMillis, capacity.cpuMillis, namespace)}</p>
            </section>
            <section class="card">
              <h2>Memory</h2>
              <UsageBar
                used={usagePercent(used.memoryBytes, capacity.memoryBytes)}
                requested={usagePercent(requested.memoryBytes, capacity.memoryBytes)}
              />
              <p class="soft">
                {overcommit(requested.memoryBytes, capacity.memoryBytes, namespace)}
              </p>
            </section>
          </>
        )}
        <PodPhases pods={pods} />
      </div>
      <AttentionList />
      <ClusterCharts {...{ followed, range, onRange: setRange, requested, namespace, capacity }} />
      <WarningEvents />
    </>
  );
}

function isReady({ status }: Node): boolean {
  return (status?.conditions ?? []).some((one) => one.type === "Ready" && one.status === "True");
}
