import { finishedCondition } from "#api/kinds/job-status";
import type { Job, Pod } from "#api/schema/types";
import { warningLines } from "#api/why/events-about";
import { defineExplainer, type Trouble } from "#api/why/explainer";
import { unreadyLines } from "#api/why/own-pods";
import { conditionSentence } from "#api/why/pending";
import { podState } from "#api/why/pod";
import { podsOf } from "#api/why/workload";

export const jobExplainer = defineExplainer<Job>({
  ...{ group: "batch", version: "v1", kind: "Job", plural: "jobs", isNamespaced: true },
  reads: ["events", "pods", "nodes"],
  trouble: jobTrouble,
  explain(job, around) {
    const own = podsOf(job, around.pods);
    const finished = finishedCondition(job);
    if (finished?.type === "Complete") return ["is complete"];
    const state = jobTrouble(job)?.sentence ?? `is at work: ${countsOf(job)}`;
    const failed = lastFailed(own);
    return [
      state,
      ...(failed ? [`pod ${failed.metadata.name}: ${failureOf(failed)}`] : []),
      ...unreadyLines(
        own.filter((pod) => pod !== failed),
        around,
      ),
      ...warningLines(job, around.events, ["BackoffLimitExceeded", "DeadlineExceeded"]),
    ];
  },
});

function jobTrouble(job: Job): Trouble | undefined {
  const { status, spec } = job;
  const finished = finishedCondition(job);
  if (finished?.type === "Complete") return undefined;
  if (finished) return { tone: "bad", sentence: `has failed: ${conditionSentence(finished)}` };
  if (spec.suspend) return { tone: "busy", sentence: "is suspended: it starts no pods" };
  const { failed = 0 } = status ?? {};
  if (failed === 0) return undefined;
  const limit = spec.backoffLimit ?? 6;
  return {
    tone: "busy",
    sentence: `tries again: ${failed} of its pods have failed, after ${limit} it gives up; ${countsOf(job)}`,
  };
}

function countsOf({ spec, status }: Job): string {
  return `${status?.succeeded ?? 0} of ${spec.completions ?? 1} completions, ${status?.active ?? 0} pods at work`;
}

function lastFailed(pods: readonly Pod[]): Pod | undefined {
  const created = (pod: Pod): string => pod.metadata.creationTimestamp ?? "";
  return pods
    .filter(({ status }) => status?.phase === "Failed")
    .reduce<Pod | undefined>(
      (last, pod) => (last && created(last) >= created(pod) ? last : pod),
      undefined,
    );
}

function failureOf(pod: Pod): string {
  const [state, reasons] = podState({ pod, events: [] });
  return [state, ...reasons].join("; ");
}
