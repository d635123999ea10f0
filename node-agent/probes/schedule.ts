import type { Probe } from "#api/schema/types";
import type { ProbeVerdict } from "#node-agent/pod/view";

export type ProbeKind = "startup" | "liveness" | "readiness";

/**
 * When to probe and what the answers mean; pure. Kubernetes' periods and thresholds decide failures. Until a
 * readiness or startup probe has succeeded for the first time it is also asked in between, soon after the start
 * and then ever less often: those extra questions can only bring good news.
 */
export interface ProbeProgress {
  readonly verdict: ProbeVerdict;
  readonly successes: number;
  readonly failures: number;
  /** Questions since the start. */
  readonly asked: number;
  /** When a failure counts next. */
  readonly countsFromMs: number;
}

export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export function timingOf(probe: Probe): ProbeTiming {
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

export function initialProgress(
  verdict: ProbeVerdict,
  nowMs: number,
  timing: ProbeTiming,
): ProbeProgress {
  return {
    verdict,
    successes: 0,
    failures: 0,
    asked: 0,
    countsFromMs: nowMs + timing.initialDelayMs + timing.periodMs,
  };
}

const firstEagerDelayMs = 10;
/** A command in the container costs a process: asked less eagerly. */
const firstEagerExecDelayMs = 100;

function isEager(kind: ProbeKind, progress: ProbeProgress): boolean {
  return kind !== "liveness" && progress.verdict === "unknown";
}

export function nextDelayMs(
  kind: ProbeKind,
  probe: Probe,
  progress: ProbeProgress,
  timing: ProbeTiming,
): number {
  if (progress.asked === 0) return timing.initialDelayMs;
  if (!isEager(kind, progress)) return timing.periodMs;
  const first = probe.exec ? firstEagerExecDelayMs : firstEagerDelayMs;
  return Math.min(timing.periodMs, first * 2 ** Math.min(progress.asked - 1, 20));
}

export interface Judgement {
  readonly progress: ProbeProgress;
  /** The failure is one that Kubernetes would have seen: worth an event. */
  readonly isCounted: boolean;
}

export function judge(
  kind: ProbeKind,
  before: ProbeProgress,
  isSuccess: boolean,
  nowMs: number,
  timing: ProbeTiming,
): Judgement {
  const asked = before.asked + 1;
  if (isSuccess) {
    const successes = before.successes + 1;
    const verdict = successes >= timing.successThreshold ? "success" : before.verdict;
    return { progress: { ...before, verdict, successes, failures: 0, asked }, isCounted: false };
  }
  if (isEager(kind, before) && nowMs < before.countsFromMs) {
    return { progress: { ...before, successes: 0, asked }, isCounted: false };
  }
  const failures = before.failures + 1;
  const hasFailed = failures >= timing.failureThreshold;
  const verdict =
    hasFailed && !(kind === "readiness" && before.verdict === "unknown")
      ? "failure"
      : before.verdict;
  const countsFromMs = nowMs + timing.periodMs;
  return {
    progress: { verdict, successes: 0, failures, asked, countsFromMs },
    isCounted: true,
  };
}
