import { podPhaseSummary } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { oncePer } from "#dashboard/model/once-per";
import { hrefOf } from "#dashboard/model/route";
import { Tone } from "#dashboard/parts/tone";

const phaseOf = oncePer((pod: Pod) => podPhaseSummary(pod));

/** How many pods there are in each state. */
export function PodPhases({ pods }: { pods: readonly Pod[] }) {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const phase = phaseOf(pod);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return (
    <section class="card">
      <h2>
        <a href={hrefOf(["pods"])}>Pods</a>
      </h2>
      <div class="figure">{pods.length}</div>
      <dl class="facts">
        {[...counts]
          .sort(([, a], [, b]) => b - a)
          .map(([phase, count]) => (
            <>
              <dt>
                <Tone word={phase} />
              </dt>
              <dd>{count}</dd>
            </>
          ))}
      </dl>
    </section>
  );
}
