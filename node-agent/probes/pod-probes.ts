import type { Container, Probe } from "#api/schema/types";
import { type Clock, sleep } from "#kit/clock";
import type { ContainerRecord, ProbeVerdict, ProbeVerdicts } from "#node-agent/pod/view";
import { probeTypes } from "#node-agent/probes/index";
import type { ExecOutcome, ProbeResult } from "#node-agent/probes/probe";
import {
  initialProgress,
  judge,
  nextDelayMs,
  type ProbeKind,
  timingOf,
} from "#node-agent/probes/schedule";

/**
 * The probes of one pod. Owns one loop per running container and probe kind; a loop dies with its container.
 * Liveness and readiness wait until the startup probe has succeeded.
 */
export interface PodProbes {
  /** Starts loops for containers that are new in the list and ends those of containers that are not in it. */
  sync(running: readonly ProbedContainer[]): void;
  verdicts(): ReadonlyMap<string, ProbeVerdicts>;
  close(): void;
}

export interface ProbedContainer {
  readonly record: ContainerRecord;
  readonly spec: Container;
  /** What was known before the agent started, so that a restart of the agent takes nobody out of service. */
  readonly before: { readonly isReady: boolean; readonly isStarted: boolean } | undefined;
}

export interface PodProbesOptions {
  readonly clock: Clock;
  ip(): string;
  exec(id: string, command: readonly string[], timeoutMs: number): Promise<ExecOutcome>;
  onChange(): void;
  onFailure(container: string, kind: ProbeKind, output: string): void;
  onResult?(kind: ProbeKind, isSuccess: boolean): void;
  /** A loop broke, which is a programmer's error. */
  onBug(error: unknown): void;
}

interface Watched {
  verdicts: ProbeVerdicts;
  readonly stop: AbortController;
}

export function createPodProbes(options: PodProbesOptions): PodProbes {
  const watched = new Map<string, Watched>();
  return {
    sync(running) {
      const ids = new Set(running.map(({ record }) => record.id));
      for (const [id, each] of watched) {
        if (ids.has(id)) continue;
        each.stop.abort();
        watched.delete(id);
      }
      for (const container of running) {
        if (!watched.has(container.record.id))
          watched.set(container.record.id, watch(options, container));
      }
    },
    verdicts: () => new Map([...watched].map(([id, each]) => [id, each.verdicts])),
    close() {
      for (const each of watched.values()) each.stop.abort();
      watched.clear();
    },
  };
}

function watch(options: PodProbesOptions, container: ProbedContainer): Watched {
  const { spec, before } = container;
  const stop = new AbortController();
  const state: Watched = {
    stop,
    verdicts: {
      startup: initialVerdict(spec.startupProbe, before?.isStarted),
      readiness: initialVerdict(spec.readinessProbe, before?.isReady),
      liveness: spec.livenessProbe ? "success" : "none",
    },
  };
  const loop = (kind: ProbeKind, probe: Probe | undefined): Promise<void> =>
    probe ? runLoop(options, container, state, kind, probe) : Promise.resolve();
  const all = async (): Promise<void> => {
    if (state.verdicts.startup === "unknown") await loop("startup", spec.startupProbe);
    await Promise.all([
      loop("liveness", spec.livenessProbe),
      loop("readiness", spec.readinessProbe),
    ]);
  };
  all().catch(options.onBug);
  return state;
}

function initialVerdict(probe: Probe | undefined, isGood: boolean | undefined): ProbeVerdict {
  if (!probe) return "none";
  return isGood ? "success" : "unknown";
}

/** Ends when the container does; a startup loop also when it has its verdict. */
async function runLoop(
  options: PodProbesOptions,
  { record, spec }: ProbedContainer,
  state: Watched,
  kind: ProbeKind,
  probe: Probe,
): Promise<void> {
  const { clock } = options;
  const { signal } = state.stop;
  const timing = timingOf(probe);
  let progress = initialProgress(state.verdicts[kind], clock.now(), timing);
  while (!signal.aborted) {
    await sleep(clock, nextDelayMs(kind, probe, progress, timing), signal);
    if (signal.aborted) return;
    const result = await check(options, record.id, spec, probe, timing.timeoutMs, signal);
    if (signal.aborted) return;
    options.onResult?.(kind, result.isSuccess);
    const judged = judge(kind, progress, result.isSuccess, clock.now(), timing);
    progress = judged.progress;
    if (judged.isCounted) options.onFailure(spec.name, kind, result.output);
    if (state.verdicts[kind] !== progress.verdict) {
      state.verdicts = { ...state.verdicts, [kind]: progress.verdict };
      options.onChange();
    }
    if (kind === "startup" && progress.verdict !== "unknown") {
      if (progress.verdict === "failure") await untilAborted(signal);
      return;
    }
  }
}

/** A container that failed its startup probe is about to be killed: its other probes never begin. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function check(
  options: PodProbesOptions,
  id: string,
  container: Container,
  probe: Probe,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const type = probeTypes.find((each) => each.matches(probe));
  if (!type) return { isSuccess: true, output: "" };
  const exec = (command: readonly string[], limitMs: number) => options.exec(id, command, limitMs);
  try {
    return await type.check(probe, { ip: options.ip(), container, timeoutMs, signal, exec });
  } catch (error) {
    return { isSuccess: false, output: error instanceof Error ? error.message : String(error) };
  }
}
