import type { Pod } from "#api/schema/types";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import { isCritical } from "#node-agent/eviction/rank";
import type { ShutdownConfig } from "#node-agent/node/node-config";
import type { PodEnd } from "#node-agent/pod/pod-end";
import type { PodOnNode } from "#node-agent/pods";

/**
 * The machine goes: every pod is told to end, ordinary ones first, critical ones (DNS, storage) when those are
 * gone. Source: Kubernetes, "Node Shutdowns: graceful node shutdown".
 */
export interface ShutdownOptions {
  readonly config: ShutdownConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  pods(): readonly PodOnNode[];
  end(pod: Pod, end: PodEnd): void;
}

export const shutdownRefusal: PodEnd = {
  reason: "NodeShutdown",
  message: "Pod was rejected: Pod was rejected as the node is shutting down.",
  isDisruption: false,
  graceMs: 0,
};

const message = "Pod was terminated in response to imminent node shutdown.";
const pollMs = 200;
/** After the last SIGKILL: for giving back volumes and network. */
const killedTimeoutMs = 10_000;

/** Resolves when no pod runs any more, or the time of all groups is over. */
export async function endAllPods(options: ShutdownOptions): Promise<void> {
  const { graceMs, criticalGraceMs } = options.config;
  await endGroup(options, (pod) => !isCritical(pod), Math.max(0, graceMs - criticalGraceMs));
  await endGroup(options, isCritical, Math.min(graceMs, criticalGraceMs));
}

async function endGroup(
  options: ShutdownOptions,
  isMember: (pod: Pod) => boolean,
  groupGraceMs: number,
): Promise<void> {
  const { clock, log } = options;
  const members = (): readonly PodOnNode[] =>
    options.pods().filter(({ pod, isOver }) => !isOver && isMember(pod));
  const startedMs = clock.now();
  for (const { pod } of members()) options.end(pod, shutdownEnd(pod, groupGraceMs, startedMs));
  await untilEmpty(options, members, startedMs + groupGraceMs);
  const late = members();
  if (late.length === 0) return;
  log.warn("pods have not ended in time and are killed", { pods: late.length });
  for (const { pod } of late) options.end(pod, shutdownEnd(pod, 0, startedMs));
  await untilEmpty(options, members, clock.now() + killedTimeoutMs);
}

function shutdownEnd(pod: Pod, groupGraceMs: number, drainsFromMs: number): PodEnd {
  const ownMs = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  const graceMs = Math.min(ownMs, groupGraceMs);
  return { reason: "Terminated", message, isDisruption: true, graceMs, drainsFromMs };
}

async function untilEmpty(
  { clock, signal }: ShutdownOptions,
  members: () => readonly PodOnNode[],
  deadlineMs: number,
): Promise<void> {
  while (members().length > 0 && clock.now() < deadlineMs && !signal.aborted) {
    await sleep(clock, pollMs, signal);
  }
}
