import { isSidecar } from "#api/kinds/pod-resources";
import type { ContainerStateTerminated, ContainerStatus, Pod } from "#api/schema/types";

// Readers of a pod's state want these beside it.
export { podRequests } from "#api/kinds/pod-resources";

/** What `kubectl get pods` says in one line about a pod. */
export interface PodSummary {
  readonly status: string;
  readonly readyContainers: number;
  readonly totalContainers: number;
  readonly restarts: number;
  /** When the last restarted container had ended; undefined when none was restarted. */
  readonly lastRestartMs?: number;
}

interface Restarts {
  count: number;
  lastMs: number;
}

/** The STATUS column: a phase, or the reason that says more ("CrashLoopBackOff", "Init:0/1", "Terminating"). */
export function podPhaseSummary(pod: Pod): string {
  return summarizePod(pod).status;
}

/** Follows the order in which kubectl's printer looks: init containers, containers, then the deletion. */
export function summarizePod(pod: Pod): PodSummary {
  const init = summarizeInitContainers(pod);
  const isInitialized =
    init.reason === undefined || conditionOf(pod, "Initialized")?.status === "True";
  const main = isInitialized ? summarizeContainers(pod, init.reason ?? baseReason(pod)) : undefined;
  const restarts = main ? joinRestarts(init.sidecarRestarts, main.restarts) : init.restarts;
  return {
    status: whenDeleted(pod, main?.reason ?? init.reason ?? baseReason(pod)),
    readyContainers: init.readySidecars + (main?.ready ?? 0),
    totalContainers:
      (pod.spec.containers ?? []).length + (pod.spec.initContainers ?? []).filter(isSidecar).length,
    restarts: restarts.count,
    ...(restarts.count > 0 && restarts.lastMs > 0 ? { lastRestartMs: restarts.lastMs } : {}),
  };
}

function baseReason(pod: Pod): string {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.reason === "SchedulingGated") return "SchedulingGated";
  return pod.status?.reason || (pod.status?.phase ?? "");
}

function summarizeInitContainers(pod: Pod) {
  const specs = pod.spec.initContainers ?? [];
  const sidecars = new Set(specs.filter(isSidecar).map((container) => container.name));
  const restarts: Restarts = { count: 0, lastMs: 0 };
  const sidecarRestarts: Restarts = { count: 0, lastMs: 0 };
  let readySidecars = 0;
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isStartedSidecar = sidecars.has(status.name) && status.started === true;
    addRestarts(restarts, status);
    if (sidecars.has(status.name)) addRestarts(sidecarRestarts, status);
    if (status.state?.terminated?.exitCode === 0) continue;
    if (!isStartedSidecar) {
      const reason = initReason(status, index, specs.length);
      return { reason, restarts, sidecarRestarts, readySidecars };
    }
    if (status.ready) readySidecars += 1;
  }
  return { reason: undefined, restarts, sidecarRestarts, readySidecars };
}

function initReason(status: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = status.state ?? {};
  if (terminated) return `Init:${terminated.reason || exitText(terminated)}`;
  if (waiting?.reason && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
  return `Init:${index}/${total}`;
}

function summarizeContainers(pod: Pod, initial: string) {
  const restarts: Restarts = { count: 0, lastMs: 0 };
  let reason = initial;
  let ready = 0;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    const { waiting, terminated, running } = status.state ?? {};
    addRestarts(restarts, status);
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = terminated.reason || exitText(terminated);
    else if (status.ready && running) ready += 1;
  }
  // One container has ended, another is at work: the pod as a whole has not completed.
  if (reason === "Completed" && ready > 0) reason = isPodReady(pod) ? "Running" : "NotReady";
  return { reason, ready, restarts };
}

function whenDeleted(pod: Pod, reason: string): string {
  if (!pod.metadata.deletionTimestamp) return reason;
  if (pod.status?.reason === "NodeLost") return "Unknown";
  return isPodTerminal(pod) ? reason : "Terminating";
}

function exitText(terminated: ContainerStateTerminated): string {
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function addRestarts(total: Restarts, status: ContainerStatus): void {
  total.count += status.restartCount;
  const endedAt = status.lastState?.terminated?.finishedAt;
  if (endedAt) total.lastMs = Math.max(total.lastMs, Date.parse(endedAt));
}

function joinRestarts(left: Restarts, right: Restarts): Restarts {
  return { count: left.count + right.count, lastMs: Math.max(left.lastMs, right.lastMs) };
}

function conditionOf(pod: Pod, type: string) {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export function isPodReady(pod: Pod): boolean {
  return conditionOf(pod, "Ready")?.status === "True";
}

/** Ended for good: no container of it will run again. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Ready for at least `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds <= 0) return true;
  const since = conditionOf(pod, "Ready")?.lastTransitionTime;
  return since !== undefined && Date.parse(since) + minReadySeconds * 1000 <= nowMs;
}
