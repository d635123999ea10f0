import { useState } from "preact/hooks";
import { podRequests } from "#api/kinds/pod-resources";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import { Chart } from "#dashboard/parts/chart";
import { ChartsCard, FieldChart, HistoryCharts, type Range } from "#dashboard/parts/history-charts";
import { useHistory } from "#dashboard/parts/use-history";

/** What a pod took and answered in the last while, against what it asked for and may take. */
export function PodCharts({ pod }: { pod: Pod }) {
  const [range, setRange] = useState<Range>("15m");
  const { namespace = "", name } = pod.metadata;
  const followed = useHistory({ of: "pods", namespace, name, range });
  const requested = podRequests(pod);
  const limits = limitsOf(pod);
  return (
    <ChartsCard title="Use" range={range} onRange={setRange}>
      <HistoryCharts followed={followed}>
        {(answer) => (
          <>
            <FieldChart
              {...{ title: "CPU", unit: "cores", answer, field: "cpu", nameOf: () => "used" }}
              levels={[
                { name: "requested", value: requested.cpuMillis / 1000 },
                { name: "limit", value: limits.cpu },
              ]}
            />
            <FieldChart
              {...{ title: "Memory", unit: "bytes", answer, field: "memory" }}
              nameOf={() => "used"}
              levels={[
                { name: "requested", value: requested.memoryBytes },
                { name: "limit", value: limits.memory },
              ]}
            />
            {answer.series.some(({ values }) => values.requests?.some((one) => one !== null)) && (
              <Chart
                title="Requests"
                unit="perSecond"
                start={answer.start}
                stepSeconds={answer.stepSeconds}
                lines={answer.series.flatMap(({ values }) => [
                  { name: "answered", values: values.requests ?? [] },
                  { name: "failed (5xx)", values: values.errors ?? [], tone: "bad" as const },
                ])}
              />
            )}
          </>
        )}
      </HistoryCharts>
    </ChartsCard>
  );
}

/** Cores and bytes; 0 where one of its containers has no limit. */
function limitsOf({ spec }: Pod): { cpu: number; memory: number } {
  const limits = spec.containers.map(({ resources }) => resources?.limits ?? {});
  const has = (name: string): boolean => limits.every((one) => one[name] !== undefined);
  return {
    cpu: has("cpu") ? limits.reduce((sum, one) => sum + milliCpu(one.cpu), 0) / 1000 : 0,
    memory: has("memory") ? limits.reduce((sum, one) => sum + bytes(one.memory), 0) : 0,
  };
}
