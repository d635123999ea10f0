import type { KubeObject } from "#api/machinery/meta";
import type { DaemonSet, Deployment, Job, Pod, StatefulSet } from "#api/schema/types";

/** How far a workload is. The sentences of Deployment, StatefulSet and DaemonSet are kubectl's. Pure. */
export interface Progress {
  readonly state: "done" | "waiting" | "failed";
  readonly sentence: string;
}

/** Kinds without a roll-out (a ConfigMap, a Service) are done once they are written. */
export function progressOf(object: KubeObject): Progress {
  switch (object.kind) {
    case "Deployment":
      return ofDeployment(object as Deployment);
    case "StatefulSet":
      return ofStatefulSet(object as StatefulSet);
    case "DaemonSet":
      return ofDaemonSet(object as DaemonSet);
    case "ReplicaSet":
    case "ReplicationController":
      return ofReplicas(object as Replicated);
    case "Job":
      return ofJob(object as Job);
    case "Pod":
      return ofPod(object as Pod);
    default:
      return done(`${object.kind} "${object.metadata.name}" is there`);
  }
}

function done(sentence: string): Progress {
  return { state: "done", sentence };
}

function waiting(sentence: string): Progress {
  return { state: "waiting", sentence };
}

function failed(sentence: string): Progress {
  return { state: "failed", sentence };
}

function ofDeployment({ metadata, spec, status = {} }: Deployment): Progress {
  const { name } = metadata;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting("Waiting for deployment spec update to be observed...");
  }
  const progressing = status.conditions?.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(`deployment "${name}" exceeded its progress deadline`);
  }
  const until = (what: string): Progress =>
    waiting(`Waiting for deployment "${name}" rollout to finish: ${what}...`);
  const wanted = spec.replicas ?? 1;
  if (updatedReplicas < wanted) {
    return until(`${updatedReplicas} out of ${wanted} new replicas have been updated`);
  }
  if (replicas > updatedReplicas) {
    return until(`${replicas - updatedReplicas} old replicas are pending termination`);
  }
  if (availableReplicas < updatedReplicas) {
    return until(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  }
  return done(`deployment "${name}" successfully rolled out`);
}

const ONLY_ROLLING = "rollout status is only available for RollingUpdate strategy type";

function ofStatefulSet({ metadata, spec, status }: StatefulSet): Progress {
  if (spec.updateStrategy?.type === "OnDelete") return done(ONLY_ROLLING);
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration) {
    return waiting("Waiting for statefulset spec update to be observed...");
  }
  const wanted = spec.replicas ?? 1;
  if (readyReplicas < wanted) {
    return waiting(`Waiting for ${wanted - readyReplicas} pods to be ready...`);
  }
  // kubectl tells so also of a partition of zero, which is the default.
  const { partition } = spec.updateStrategy?.rollingUpdate ?? {};
  if (partition !== undefined) {
    const due = wanted - partition;
    if (updatedReplicas >= due) {
      return done(
        `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`,
      );
    }
    return waiting(
      `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${due} new pods have been updated...`,
    );
  }
  const { updateRevision = "", currentRevision = "", currentReplicas = 0 } = status ?? {};
  if (updateRevision !== currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`,
    );
  }
  return done(
    `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`,
  );
}

function ofDaemonSet({ metadata, spec, status }: DaemonSet): Progress {
  if (spec.updateStrategy?.type === "OnDelete") return done(ONLY_ROLLING);
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    return waiting("Waiting for daemon set spec update to be observed...");
  }
  const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled: updated = 0 } = status ?? {};
  const { numberAvailable: available = 0 } = status ?? {};
  const until = (what: string): Progress =>
    waiting(`Waiting for daemon set "${metadata.name}" rollout to finish: ${what}...`);
  if (updated < wanted) return until(`${updated} out of ${wanted} new pods have been updated`);
  if (available < wanted) return until(`${available} of ${wanted} updated pods are available`);
  return done(`daemon set "${metadata.name}" successfully rolled out`);
}

interface Replicated extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number; readonly availableReplicas?: number };
}

function ofReplicas({ kind, metadata, spec, status }: Replicated): Progress {
  const wanted = spec?.replicas ?? 1;
  const available = status?.availableReplicas ?? 0;
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const sentence = `${available} of ${wanted} pods of ${kind} "${metadata.name}" are available`;
  return isObserved && available >= wanted ? done(sentence) : waiting(sentence);
}

function ofJob({ metadata, spec, status }: Job): Progress {
  const { name } = metadata;
  const isTrue = (type: string) =>
    status?.conditions?.find((one) => one.type === type && one.status === "True");
  const failure = isTrue("Failed") ?? isTrue("FailureTarget");
  if (failure) {
    const why = [failure.reason, failure.message].filter(Boolean).join(": ");
    return failed(`job "${name}" failed${why ? `: ${why}` : ""}`);
  }
  if (isTrue("Complete")) return done(`job "${name}" is complete`);
  if (spec?.suspend) return waiting(`job "${name}" is suspended`);
  const { completions = 1 } = spec ?? {};
  return waiting(
    `Waiting for job "${name}": ${status?.succeeded ?? 0} of ${completions} completions, ${status?.failed ?? 0} failed pods`,
  );
}

function ofPod({ metadata, status }: Pod): Progress {
  const { name } = metadata;
  if (status?.phase === "Succeeded") return done(`pod "${name}" has completed`);
  if (status?.phase === "Failed") {
    const why = [status.reason, status.message].filter(Boolean).join(": ");
    return failed(`pod "${name}" has failed${why ? `: ${why}` : ""}`);
  }
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return done(`pod "${name}" is ready`);
  return waiting(`Waiting for pod "${name}" to be ready: it is ${status?.phase ?? "Pending"}`);
}
