import { isControlledBy, type KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { warningLines } from "#api/why/events-about";
import type { Surroundings } from "#api/why/explainer";
import { unreadyLines } from "#api/why/own-pods";
import { conditionSentence } from "#api/why/pending";

/** What Deployments, StatefulSets, DaemonSets and ReplicaSets have in common. */
interface Workload extends KubeObject {
  readonly status?:
    | {
        readonly conditions?:
          | readonly {
              readonly type: string;
              readonly status: string;
              readonly reason?: string | undefined;
              readonly message?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
}

export function conditionOf({ status }: Workload, type: string) {
  return status?.conditions?.find((one) => one.type === type);
}

/** Pods that the API server refuses to make: a quota, a policy, a missing service account. */
export function refusalOf(workload: Workload): string | undefined {
  const failure = conditionOf(workload, "ReplicaFailure");
  if (failure?.status !== "True") return undefined;
  const quota = /exceeded quota: ([^,]+)/.exec(failure.message ?? "")?.[1];
  const advice = quota ? `; raise the ResourceQuota ${quota}, or end pods that it counts` : "";
  return `its pods are refused: ${failure.message ?? conditionSentence(failure)}${advice}`;
}

export function podsOf(owner: KubeObject, pods: readonly Pod[] | undefined): readonly Pod[] {
  return (pods ?? []).filter((pod) => isControlledBy(pod, owner));
}

/** Why it has not what it asks for: refusals, its pods, and the newest warning where those say nothing. */
export function workloadLines(
  workload: Workload,
  own: readonly Pod[],
  around: Surroundings,
): string[] {
  const refusal = refusalOf(workload);
  const lines = [...(refusal ? [refusal] : []), ...unreadyLines(own, around)];
  return lines.length > 0 ? lines : warningLines(workload, around.events);
}
