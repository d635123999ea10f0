import type { PodsSummary } from "#api/overview/pods-summary";
import { hrefOf } from "#dashboard/model/route";
import { Tone } from "#dashboard/parts/tone";

/** How many pods there are in each state. */
export function PodPhases({ summary }: { summary: PodsSummary | undefined }) {
  return (
    <section class="card">
      <h2>
        <a href={hrefOf(["pods"])}>Pods</a>
      </h2>
      <div class="figure">{summary?.pods ?? "–"}</div>
      <dl class="facts">
        {Object.entries(summary?.states ?? {})
          .sort(([, a], [, b]) => b - a)
          .map(([state, count]) => (
            <>
              <dt>
                <Tone word={state} />
              </dt>
              <dd>{count}</dd>
            </>
          ))}
      </dl>
    </section>
  );
}
