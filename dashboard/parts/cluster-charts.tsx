import { Chart } from "#dashboard/parts/chart";
import {
  FieldChart,
  HistoryCharts,
  type Range,
  RangeChoice,
} from "#dashboard/parts/history-charts";
import type { NodeUse } from "#dashboard/parts/node-use";
import { type Followed, useHistory } from "#dashboard/parts/use-history";

interface ClusterChartsProps {
  readonly followed: Followed;
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  readonly requested: NodeUse;
  /** Whose requests those are; undefined: of all. */
  readonly namespace: string | undefined;
  readonly capacity: NodeUse;
}

/** What the cluster used, against what is requested of it and what it has. */
export function ClusterCharts(props: ClusterChartsProps) {
  const { followed, range, onRange, requested, namespace, capacity } = props;
  const levels = (field: keyof NodeUse, per: number) => [
    { name: namespace ? `requested by ${namespace}` : "requested", value: requested[field] / per },
    { name: "capacity", value: capacity[field] / per },
  ];
  return (
    <section class="card charted">
      <div class="top">
        <h2>The cluster's use</h2>
        <span class="space" />
        <RangeChoice range={range} onRange={onRange} />
      </div>
      <HistoryCharts followed={followed}>
        {(answer) => (
          <>
            <FieldChart
              {...{ title: "CPU", unit: "cores", answer, field: "cpu", nameOf: () => "used" }}
              levels={levels("cpuMillis", 1000)}
            />
            <FieldChart
              {...{ title: "Memory", unit: "bytes", answer, field: "memory" }}
              nameOf={() => "used"}
              levels={levels("memoryBytes", 1)}
            />
          </>
        )}
      </HistoryCharts>
      <ServerCharts range={range} />
    </section>
  );
}

/** The API server's own; nothing for those who may not read its metrics. */
function ServerCharts({ range }: { range: Range }) {
  const { answer } = useHistory({ of: "server", range });
  const [series] = answer?.series ?? [];
  if (!answer || !series) return null;
  const { start, stepSeconds } = answer;
  const { p50 = [], p99 = [], requests = [], errors = [] } = series.values;
  const common = { start, stepSeconds };
  return (
    <div class="charts">
      <Chart
        {...{ ...common, title: "The API server's latency", unit: "ms" }}
        lines={[
          { name: "half within", values: p50 },
          { name: "99 % within", values: p99 },
        ]}
      />
      <Chart
        {...{ ...common, title: "The API server's requests", unit: "perSecond" }}
        lines={[
          { name: "answered", values: requests },
          { name: "failed (5xx)", values: errors, tone: "bad" },
        ]}
      />
    </div>
  );
}
