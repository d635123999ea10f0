import { podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal, podPhaseSummary } from "#api/kinds/pod-status";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import type { Trouble } from "#api/why/explainer";
import { podExplainer } from "#api/why/pod-explainer";
import { troubleKey, worstFirst } from "#api/why/troubled";

/**
 * Many pods in a few lines: GET /kaji/v1/pods-summary. With watch=true an answer is one line, and a line of the same
 * shape follows when it has changed.
 */
export const PODS_SUMMARY_PATH = "/kaji/v1/pods-summary";

export interface PodsSummary {
  readonly pods: number;
  /** By what kubectl prints as their status. */
  readonly states: Readonly<Record<string, number>>;
  /** Of pods that have a node and have not ended. */
  readonly requested: { readonly cpuMillis: number; readonly memoryBytes: number };
  readonly troubled: readonly TroubledPods[];
  /** Those of `troubled` that it leaves out. */
  readonly left: number;
}

/** Pods of one owner that have the same trouble: the oldest of them stands for all. */
export interface TroubledPods {
  /** Its kind and metadata, as far as they say which it is. */
  readonly pod: KubeObject;
  readonly trouble: Trouble;
  /** How many more there are. */
  readonly others: number;
}

/** What of a pod is summed up. */
export interface PodFacts {
  readonly state: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly trouble: Trouble | undefined;
}

const MAX_TROUBLED = 200;

export function podFacts(pod: Pod): PodFacts {
  const isTaking = Boolean(pod.spec.nodeName) && !isPodTerminal(pod);
  const { cpuMillis, memoryBytes } = isTaking ? podRequests(pod) : { cpuMillis: 0, memoryBytes: 0 };
  const trouble = podExplainer.trouble(pod as KubeObject);
  return { state: podPhaseSummary(pod), cpuMillis, memoryBytes, trouble };
}

/** `factsOf` may remember: pods do not change, a change brings another. */
export function summaryOf(
  pods: readonly Pod[],
  factsOf: (pod: Pod) => PodFacts = podFacts,
): PodsSummary {
  const states: Record<string, number> = {};
  const troubled = new Map<string, TroubledPods>();
  let [cpuMillis, memoryBytes] = [0, 0];
  for (const pod of pods) {
    const facts = factsOf(pod);
    states[facts.state] = (states[facts.state] ?? 0) + 1;
    cpuMillis += facts.cpuMillis;
    memoryBytes += facts.memoryBytes;
    if (facts.trouble) addTrouble(troubled, pod, facts.trouble);
  }
  const all = [...troubled.values()].sort((a, b) =>
    worstFirst([a.pod, a.trouble], [b.pod, b.trouble]),
  );
  const requested = { cpuMillis, memoryBytes };
  const left = Math.max(0, all.length - MAX_TROUBLED);
  return { pods: pods.length, states, requested, troubled: all.slice(0, MAX_TROUBLED), left };
}

function addTrouble(all: Map<string, TroubledPods>, pod: Pod, trouble: Trouble): void {
  // A Job tells of its pods itself.
  if (controllerOf(pod)?.kind === "Job") return;
  const key = troubleKey(pod, trouble);
  const known = all.get(key);
  const isOlder = known !== undefined && ageKey(known.pod) <= ageKey(pod);
  const others = known ? known.others + 1 : 0;
  all.set(key, isOlder ? { ...known, others } : { pod: whichIs(pod), trouble, others });
}

function whichIs({ metadata }: Pod): KubeObject {
  const { name, namespace, uid, creationTimestamp } = metadata;
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: { name, namespace, uid, creationTimestamp },
  } as KubeObject;
}

/** Kubernetes' times sort as texts. */
function ageKey({ metadata }: { readonly metadata: Pod["metadata"] }): string {
  return metadata.creationTimestamp ?? "";
}
