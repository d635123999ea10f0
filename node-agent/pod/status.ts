import type { PodStatus } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { qosClass } from "#node-agent/pod/qos";
import { hasEndedBefore, hasInitFailed, isOver, isPastDeadline } from "#node-agent/pod/stage";
import { rejectionOf } from "#node-agent/pod/rejection";
import { podConditions } from "#node-agent/pod/status-conditions";
import { containerStatus, guestStatus } from "#node-agent/pod/status-containers";
import { newestRecord, type PodView } from "#node-agent/pod/view";

export const deadlineExceeded = "DeadlineExceeded";

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/**
 * Pod.status as this node sees it; pure. Conditions of types that the agent does not own (PodScheduled,
 * readiness gates, the ingress's) are left out: the gateway merges by type.
 */
export function podStatus(view: PodView, hostIp: string): PodStatus {
  const { spec, status: before } = view.pod;
  const phase = podPhase(view);
  const podIp = spec.hostNetwork ? hostIp : (view.sandbox?.ip ?? before?.podIP);
  const initStatuses = (spec.initContainers ?? []).map((each) =>
    containerStatus(view, each, "init"),
  );
  const hasSandbox = view.sandbox !== undefined || before?.podIP !== undefined;
  return {
    phase,
    ...failureOf(view, phase),
    conditions: podConditions(view, phase),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(hasSandbox && podIp ? { podIP: podIp, podIPs: [{ ip: podIp }] } : {}),
    startTime: toTime(view.startedAtMs),
    ...(spec.initContainers?.length ? { initContainerStatuses: initStatuses } : {}),
    // As Kubernetes: of containers that were never to be, nothing is said.
    ...(rejectionOf(view.pod)
      ? {}
      : { containerStatuses: spec.containers.map((each) => containerStatus(view, each, "main")) }),
    ...(spec.ephemeralContainers?.length
      ? {
          ephemeralContainerStatuses: spec.ephemeralContainers.map((each) =>
            guestStatus(view, each),
          ),
        }
      : {}),
    qosClass: qosClass(view.pod),
    ...(view.pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: view.pod.metadata.generation }),
  };
}

/** Source: the Kubernetes page "Pod Lifecycle", pod phase. A final phase needs that nothing runs any more. */
export function podPhase(view: PodView): PodPhase {
  if (hasEndedBefore(view)) return view.pod.status?.phase === "Succeeded" ? "Succeeded" : "Failed";
  if (isOver(view.stage)) return finalPhase(view);
  const mains = view.pod.spec.containers.map((spec) => newestRecord(view, spec.name));
  return mains.some((record) => record !== undefined && record.state !== "created")
    ? "Running"
    : "Pending";
}

function finalPhase(view: PodView): PodPhase {
  if (view.end || isPastDeadline(view) || hasInitFailed(view)) return "Failed";
  const mains = view.pod.spec.containers.map((spec) => newestRecord(view, spec.name));
  const isSuccess = mains.every((record) => record?.state === "exited" && record.exitCode === 0);
  return isSuccess ? "Succeeded" : "Failed";
}

function failureOf(view: PodView, phase: PodPhase): Pick<PodStatus, "reason" | "message"> {
  const { reason, message } = view.pod.status ?? {};
  if (hasEndedBefore(view)) {
    return { ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
  }
  const end = view.end ?? rejectionOf(view.pod);
  if (end) return { reason: end.reason, message: end.message };
  const isStoppedByDeadline =
    isPastDeadline(view) && view.pod.metadata.deletionTimestamp === undefined;
  if (!isStoppedByDeadline || (phase !== "Failed" && phase !== "Running" && phase !== "Pending"))
    return {};
  return {
    reason: deadlineExceeded,
    message: "Pod was active on the node longer than the specified deadline",
  };
}
