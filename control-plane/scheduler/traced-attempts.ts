import { keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import type { AttemptResult, SchedulerMetrics } from "#control-plane/scheduler/metrics";
import type { Spans } from "#kit/trace";

/** The scheduler's numbers, and spans of its attempts for whoever follows the pods. */
export function tracedAttempts<Metrics extends SchedulerMetrics>(
  metrics: Metrics,
  spans: Spans,
): Metrics {
  return {
    ...metrics,
    attempt(profile: string, pod: Pod) {
      const end = metrics.attempt(profile, pod);
      const { uid = "" } = pod.metadata;
      const endSpan = spans.begin("scheduler", "attempt", uid, `pods ${keyOf(pod)}`);
      return (result: AttemptResult, node?: string) => {
        end(result);
        endSpan({ result, ...(node === undefined ? {} : { node }) });
      };
    },
  };
}
