import type { ContainerRecord } from "#node-agent/pod/view";

/**
 * Kubernetes' crash-loop delays as a function of the container that ended: the first restart is immediate,
 * then 10 s, doubling to 5 min; a container that ran for 10 minutes starts over. The delay is written on the
 * container (annotation), so that an agent that starts again goes on where the last one was.
 */
export const initialBackoffMs = 10_000;
export const maxBackoffMs = 300_000;
export const resetAfterMs = 600_000;

export interface RestartTime {
  readonly atMs: number;
  /** What this failure costs, for messages. */
  readonly delayMs: number;
  /** To be written on the next container. */
  readonly nextBackoffMs: number;
}

export function restartTime(ended: ContainerRecord): RestartTime {
  const finishedAtMs = ended.finishedAtMs ?? ended.createdAtMs;
  const ranMs = finishedAtMs - (ended.startedAtMs ?? finishedAtMs);
  if (ended.backoffMs === 0 || ranMs >= resetAfterMs) {
    return { atMs: finishedAtMs, delayMs: 0, nextBackoffMs: initialBackoffMs };
  }
  const nextBackoffMs = Math.min(maxBackoffMs, ended.backoffMs * 2);
  return { atMs: finishedAtMs + ended.backoffMs, delayMs: ended.backoffMs, nextBackoffMs };
}

/** As Go prints a duration of whole seconds: 10s, 1m20s, 5m0s. */
export function goDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const prefix = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : "";
  return `${prefix}${seconds % 60}s`;
}
