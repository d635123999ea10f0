import { useState } from "preact/hooks";
import { busiest } from "#dashboard/model/history";
import type { HistoryAnswer } from "#api/history/answer";
import { selectorFromMap } from "#api/machinery/labels";
import type { Deployment, Service } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { Chart } from "#dashboard/parts/chart";
import { ChartsCard, FieldChart, HistoryCharts, type Range } from "#dashboard/parts/history-charts";
import { useObjects } from "#dashboard/parts/use-collection";
import { useHistory } from "#dashboard/parts/use-history";

/** What each version took and answered: a roll-out as its numbers tell it. */
export function DeploymentCharts({ deployment }: { deployment: Deployment }) {
  const [range, setRange] = useState<Range>("15m");
  const { namespace = "", name } = deployment.metadata;
  const followed = useHistory({ of: "versions", namespace, name, range });
  const nameOf = ({ version = "" }: Readonly<Record<string, string>>): string => version;
  return (
    <ChartsCard title="Use by version" range={range} onRange={setRange}>
      <HistoryCharts followed={followed}>
        {(answer) => (
          <>
            <FieldChart {...{ title: "CPU", unit: "cores", answer, field: "cpu", nameOf }} />
            <FieldChart {...{ title: "Memory", unit: "bytes", answer, field: "memory", nameOf }} />
            {has(answer, "requests") && (
              <>
                <FieldChart
                  {...{ title: "Requests", unit: "perSecond", answer, field: "requests", nameOf }}
                />
                <FieldChart
                  {...{ title: "Errors (5xx)", unit: "perSecond", answer, field: "errors", nameOf }}
                />
              </>
            )}
            {has(answer, "p99") && (
              <>
                <FieldChart
                  {...{ title: "Half answered within", unit: "ms", answer, field: "p50", nameOf }}
                />
                <FieldChart
                  {...{ title: "99 % answered within", unit: "ms", answer, field: "p99", nameOf }}
                />
              </>
            )}
          </>
        )}
      </HistoryCharts>
      <Latency deployment={deployment} range={range} />
    </ChartsCard>
  );
}

function has({ series }: HistoryAnswer, field: string): boolean {
  return series.some(({ values }) => values[field]?.some((one) => one !== null));
}

/** Two lines each: nobody can tell more of them apart. */
const MOST_PLACES = 3;

/** Of the hosts and paths that lead to its Services: nginx measures them, not their versions. */
function Latency({ deployment, range }: { deployment: Deployment; range: Range }) {
  const { namespace = "" } = deployment.metadata;
  const services = useObjects<Service>(resources.services, { namespace });
  const { answer } = useHistory({ of: "requests", namespace, range });
  const labels = deployment.spec.template.metadata?.labels ?? {};
  const own = new Set(
    [...services.items.values()]
      .filter(({ spec }) => {
        const selector = spec?.selector ?? {};
        return Object.keys(selector).length > 0 && selectorFromMap(selector).matches(labels);
      })
      .map(({ metadata }) => metadata.name),
  );
  const all = (answer?.series ?? []).filter((one) => own.has(one.labels.service ?? ""));
  const series = busiest(all, MOST_PLACES);
  if (!answer || series.length === 0) return null;
  const lines = series.flatMap(({ labels: { host = "", path = "" }, values }) => [
    { name: `${host}${path}: half within`, values: values.p50 ?? [] },
    { name: `${host}${path}: 99 % within`, values: values.p99 ?? [] },
  ]);
  const { start, stepSeconds } = answer;
  const title =
    all.length > series.length
      ? `Latency at the ingress: the busiest ${series.length} of ${all.length} hosts and paths`
      : "Latency at the ingress";
  return (
    <div class="charts">
      <Chart {...{ title, unit: "ms", start, stepSeconds, lines }} />
    </div>
  );
}
