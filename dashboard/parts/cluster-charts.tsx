import type { HistoryAnswer, HistorySeries } from "#api/history/answer";
import { Chart } from "#dashboard/parts/chart";
import { ChartsCard, FieldChart, HistoryCharts, type Range } from "#dashboard/parts/history-charts";
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
    <ChartsCard title="The cluster's use" range={range} onRange={onRange}>
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
    </ChartsCard>
  );
}

/** The API servers' own work; nothing for those who may not read their metrics. */
function ServerCharts({ range }: { range: Range }) {
  const { answer } = useHistory({ of: "server", range });
  const { series = [] } = answer ?? {};
  return (
    <>
      {series.map((one) => (
        <ServerChart key={one.labels.server} answer={answer} {...{ one, isOnly: !series[1] }} />
      ))}
    </>
  );
}

interface ServerChartProps {
  readonly answer: HistoryAnswer | undefined;
  readonly one: HistorySeries;
  readonly isOnly: boolean;
}

function ServerChart({ answer, one, isOnly }: ServerChartProps) {
  const { p50 = [], p99 = [], requests = [], errors = [] } = one.values;
  const common = { start: answer?.start ?? 0, stepSeconds: answer?.stepSeconds ?? 0 };
  const whose = isOnly ? "The API server's" : `The API server's (${one.labels.server})`;
  return (
    <div class="charts">
      <Chart
        {...{ ...common, title: `${whose} latency`, unit: "ms" }}
        lines={[
          { name: "half within", values: p50 },
          { name: "99 % within", values: p99 },
        ]}
      />
      <Chart
        {...{ ...common, title: `${whose} requests`, unit: "perSecond" }}
        lines={[
          { name: "answered", values: requests },
          { name: "failed (5xx)", values: errors, tone: "bad" },
        ]}
      />
    </div>
  );
}
