import type { DaemonSet, ReplicaSet, StatefulSet } from "#api/schema/types";
import { defineExplainer, type Trouble } from "#api/why/explainer";
import { podsOf, refusalOf, workloadLines } from "#api/why/workload";

/** The workloads that own their pods themselves. */
export const replicaSetExplainer = defineExplainer<ReplicaSet>({
  ...{ group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets" },
  isNamespaced: true,
  reads: ["events", "pods", "nodes"],
  trouble: (set) => lack(set, set.status?.readyReplicas ?? 0, set.spec.replicas ?? 1),
  explain(set, around) {
    const trouble = this.trouble(set);
    const wanted = set.spec.replicas ?? 1;
    if (!trouble) return [wanted === 0 ? "is an old version: it has no pods" : serves(wanted)];
    return [trouble.sentence, ...workloadLines(set, podsOf(set, around.pods), around)];
  },
});

export const statefulSetExplainer = defineExplainer<StatefulSet>({
  ...{ group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets" },
  isNamespaced: true,
  reads: ["events", "pods", "nodes"],
  trouble: statefulTrouble,
  explain(set, around) {
    const trouble = statefulTrouble(set);
    const wanted = set.spec.replicas ?? 1;
    if (!trouble) return [wanted === 0 ? "is scaled to 0: it has no pods" : serves(wanted)];
    const isOrdered = set.spec.podManagementPolicy !== "Parallel";
    return [
      trouble.sentence,
      ...workloadLines(set, podsOf(set, around.pods), around),
      ...(isOrdered ? ["its pods follow one another: the next waits until this one is ready"] : []),
    ];
  },
});

export const daemonSetExplainer = defineExplainer<DaemonSet>({
  ...{ group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets" },
  isNamespaced: true,
  reads: ["events", "pods", "nodes"],
  trouble: daemonTrouble,
  explain(set, around) {
    const trouble = daemonTrouble(set);
    const wanted = set.status?.desiredNumberScheduled ?? 0;
    if (!trouble) return [wanted === 0 ? "has no node that it belongs on" : serves(wanted)];
    return [trouble.sentence, ...workloadLines(set, podsOf(set, around.pods), around)];
  },
});

function statefulTrouble(set: StatefulSet): Trouble | undefined {
  const { readyReplicas = 0, currentRevision, updateRevision } = set.status ?? {};
  const wanted = set.spec.replicas ?? 1;
  const found = lack(set, readyReplicas, wanted);
  if (!found && currentRevision !== updateRevision && set.spec.updateStrategy?.type !== "OnDelete")
    return {
      tone: "busy",
      sentence: `is rolling out: ${readyReplicas} of ${wanted} pods are ready`,
    };
  return found;
}

function daemonTrouble(set: DaemonSet): Trouble | undefined {
  const {
    desiredNumberScheduled = 0,
    numberReady = 0,
    numberMisscheduled = 0,
    updatedNumberScheduled = 0,
  } = set.status ?? {};
  const found = lack(set, numberReady, desiredNumberScheduled);
  if (found) return found;
  if (updatedNumberScheduled < desiredNumberScheduled) {
    const sentence = `is rolling out: ${updatedNumberScheduled} of ${desiredNumberScheduled} nodes have the new version`;
    return { tone: "busy", sentence };
  }
  if (numberMisscheduled === 0) return undefined;
  return { tone: "busy", sentence: `runs on ${numberMisscheduled} nodes that it must leave` };
}

function lack(
  set: ReplicaSet | StatefulSet | DaemonSet,
  ready: number,
  wanted: number,
): Trouble | undefined {
  if (set.metadata.deletionTimestamp) return { tone: "busy", sentence: "is being deleted" };
  const isRefused = refusalOf(set) !== undefined;
  if (ready >= wanted && !isRefused) return undefined;
  return {
    tone: isRefused ? "bad" : "busy",
    sentence: `has too few ready pods: ${ready} of ${wanted}`,
  };
}

function serves(wanted: number): string {
  return `is as it should be: ${wanted} of ${wanted} pods are ready`;
}
