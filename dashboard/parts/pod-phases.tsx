import { podPhaseSummary } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { useScope } from "#dashboard/parts/scope";
import { Tone } from "#dashboard/parts/tone";
import { useObjects } from "#dashboard/parts/use-collection";

/** How many pods there are in each state. */
export function PodPhases() {
  const { namespace } = useScope();
  const pods = useObjects<Pod>(resources.pods, { namespace });
  const counts = new Map<string, number>();
  for (const pod of pods.items.values()) {
    const phase = podPhaseSummary(pod);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return (
    <section class="card">
      <h2>
        <a href={hrefOf(["pods"])}>Pods</a>
      </h2>
      <div class="figure">{pods.items.size}</div>
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
