import { ROLLOUT_CONDITION } from "#api/kinds/deployment-strategy";
import { isControlledBy } from "#api/machinery/meta";
import type { Deployment, Pod } from "#api/schema/types";
import { defineExplainer, type Surroundings, type Trouble } from "#api/why/explainer";
import { limitLines, useOf } from "#api/why/pod-use";
import { conditionOf, podsOf, refusalOf, workloadLines } from "#api/why/workload";

export const deploymentExplainer = defineExplainer<Deployment>({
  ...{ group: "apps", version: "v1", kind: "Deployment", plural: "deployments" },
  isNamespaced: true,
  reads: ["events", "pods", "replicaSets", "nodes", "podUse"],
  trouble: deploymentTrouble,
  explain(deployment, around) {
    const pods = podsOfDeployment(deployment, around);
    const strategy = conditionOf(deployment, ROLLOUT_CONDITION);
    const isWell = deploymentTrouble(deployment) === undefined;
    return [
      stateOf(deployment),
      ...(strategy?.message ? [strategy.message] : []),
      ...(isWell ? [] : workloadLines(deployment, pods, around)),
      ...pods.flatMap((pod) =>
        limitLines(pod, useOf(pod, around.podUse)).map((line) => `${pod.metadata.name}: ${line}`),
      ),
    ];
  },
});

function stateOf(deployment: Deployment): string {
  return (
    deploymentTrouble(deployment)?.sentence ??
    (deployment.spec.replicas === 0
      ? "is scaled to 0: it has no pods"
      : `serves: ${countsOf(deployment)}`)
  );
}

function deploymentTrouble(deployment: Deployment): Trouble | undefined {
  const { spec, metadata, status = {} } = deployment;
  if (metadata.deletionTimestamp) return { tone: "busy", sentence: "is being deleted" };
  const progress = conditionOf(deployment, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded") {
    const sentence = `is stuck: its roll-out has made no progress for ${spec.progressDeadlineSeconds ?? 600} s; ${countsOf(deployment)}`;
    return { tone: "bad", sentence };
  }
  const refusal = refusalOf(deployment);
  if (refusal) return { tone: "bad", sentence: `has too few pods: ${countsOf(deployment)}` };
  if (progress?.reason === "WaitingForConfig") {
    return { tone: "bad", sentence: `has no version yet: ${progress.message ?? ""}` };
  }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const isSwapping = updatedReplicas < replicas || updatedReplicas < (spec.replicas ?? 1);
  if (spec.paused && isSwapping) {
    return { tone: "busy", sentence: `is paused in the middle of a roll-out: ${swapOf(status)}` };
  }
  if (isSwapping) return { tone: "busy", sentence: `is rolling out: ${swapOf(status)}` };
  if (availableReplicas < (spec.replicas ?? 1)) {
    return { tone: "busy", sentence: `has too few ready pods: ${countsOf(deployment)}` };
  }
  return undefined;
}

function countsOf({ spec, status }: Deployment): string {
  return `${status?.readyReplicas ?? 0} of ${spec.replicas ?? 1} pods are ready`;
}

function swapOf({
  replicas = 0,
  updatedReplicas = 0,
  availableReplicas = 0,
}: NonNullable<Deployment["status"]>): string {
  return `${updatedReplicas} pods are of the new version, ${Math.max(0, replicas - updatedReplicas)} of the old, ${availableReplicas} serve`;
}

function podsOfDeployment(deployment: Deployment, around: Surroundings): readonly Pod[] {
  const sets = (around.replicaSets ?? []).filter((set) => isControlledBy(set, deployment));
  return sets.flatMap((set) => podsOf(set, around.pods));
}
