import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import { REQUEST_DEFAULTS } from "#api/kinds/request-autoscaler-rules";

/**
 * How many replicas the requests want: pure. In the manner of Knative's autoscaler: the mean over the window decides;
 * in a burst the mean over the short window does, and nothing is taken away until the burst is a window ago.
 *
 * Invariants:
 * - Nobody is stopped while a request is in flight or waiting, or while it is not known whether one is.
 * - Replicas are taken away only down to the most that was wanted at any time of a whole window.
 */
export interface Situation {
  readonly spec: RequestAutoscaler["spec"];
  /** As wanted now, and as many of them as can answer. */
  readonly replicas: number;
  readonly ready: number;
  /** Means, in the metric's own measure. */
  readonly stable: number;
  readonly panic: number;
  readonly waiting: number;
  readonly inFlight: number;
  /** How long ago the last request was seen, or the last replica was asked for. */
  readonly idleMs: number;
  /** What was wanted before, by time. */
  readonly wanted: readonly Wanted[];
  readonly panicMs: number | undefined;
  /** Since when reports are seen. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

export interface Wanted {
  readonly replicas: number;
  readonly atMs: number;
}

export interface Decision {
  readonly replicas: number;
  readonly why: string;
  /** What the load alone wants, for later decisions. */
  readonly wanted: Wanted;
  readonly panicMs: number | undefined;
  readonly limit: Limit;
  /** When time alone could change the decision. */
  readonly againMs: number | undefined;
}

export type Limit =
  | "None"
  | "TooManyReplicas"
  | "TooFewReplicas"
  | "ScaleUpLimit"
  | "WindowNotSeen";

/** Knative's max-scale-up-rate and max-scale-down-rate. */
const MAX_UP_RATE = 1000;
const MAX_DOWN_RATE = 2;
const LOOK_MS = 2_000;

export function decide(at: Situation): Decision {
  const { spec, replicas, nowMs } = at;
  const { maxReplicas, minReplicas = REQUEST_DEFAULTS.minReplicas } = spec;
  const windowMs = windowOf(spec);
  const { load, panicMs, why } = wantedByLoad(at);
  const wanted = { replicas: load, atMs: nowMs };
  const more = { wanted, panicMs };
  const floor = Math.max(minReplicas, lowest(at));
  if (replicas === 0 && floor === 0) {
    const asleep = "no request waits";
    return { replicas: 0, why: asleep, ...more, limit: "None", againMs: undefined };
  }
  const bounded = Math.min(Math.max(load, floor), maxReplicas);
  const limit: Limit =
    load > maxReplicas ? "TooManyReplicas" : load < floor ? "TooFewReplicas" : "None";
  if (bounded > replicas) {
    const most = Math.max(1, at.ready) * MAX_UP_RATE;
    const isFast = bounded > most;
    return {
      ...{ replicas: Math.min(bounded, most), why: replicas === 0 ? wakeReason(at) : why },
      ...{ ...more, limit: isFast ? "ScaleUpLimit" : limit, againMs: LOOK_MS },
    };
  }
  if (bounded === replicas) {
    return { replicas, why, ...more, limit, againMs: againMs(at, panicMs) };
  }
  if (replicas > maxReplicas) {
    return {
      replicas: maxReplicas,
      why: "more than maxReplicas",
      ...more,
      limit,
      againMs: LOOK_MS,
    };
  }
  if (nowMs - at.sinceMs < windowMs) {
    const rest = Math.max(1, at.sinceMs + windowMs - nowMs);
    return { replicas, why, ...more, limit: "WindowNotSeen", againMs: rest };
  }
  if (bounded === 0) {
    return { replicas: 0, why: idleReason(at), ...more, limit: "None", againMs: undefined };
  }
  const most = Math.max(bounded, ...recent(at, windowMs), Math.floor(replicas / MAX_DOWN_RATE));
  return { replicas: Math.min(replicas, most), why, ...more, limit, againMs: LOOK_MS };
}

export function windowOf({ windowSeconds = REQUEST_DEFAULTS.windowSeconds }: Situation["spec"]) {
  return windowSeconds * 1000;
}

function idleTimeoutOf(spec: Situation["spec"]): number {
  return (spec.idleTimeoutSeconds ?? REQUEST_DEFAULTS.idleTimeoutSeconds) * 1000;
}

function wantedByLoad(at: Situation): {
  readonly load: number;
  readonly panicMs: number | undefined;
  readonly why: string;
} {
  const { spec, nowMs, replicas, stable, panic } = at;
  const { metric, value, utilizationPercentage } = { ...REQUEST_DEFAULTS.target, ...spec.target };
  const each = (Number(value) * Number(utilizationPercentage)) / 100;
  const needs = (amount: number): number => Math.ceil(Math.round((amount / each) * 1000) / 1000);
  // What waits now needs a place now, whatever the mean of the last seconds is.
  const burst = Math.max(needs(panic), replicas === 0 ? needs(at.waiting) : 0);
  const threshold = (spec.panicThresholdPercentage ?? 200) / 100;
  const isBurst = replicas > 0 && burst / Math.max(1, at.ready) >= threshold;
  const panicMs = isBurst ? nowMs : at.panicMs;
  const isPanicking = panicMs !== undefined && nowMs - panicMs < windowOf(spec);
  const unit = metric === "RequestsPerSecond" ? "requests per second" : "requests at once";
  const say = (amount: number): string =>
    `${shown(amount)} ${unit}, ${shown(each)} for each replica`;
  if (replicas === 0) return { load: burst, panicMs: undefined, why: say(at.waiting) };
  if (!isPanicking) return { load: needs(stable), panicMs: undefined, why: say(stable) };
  return { load: Math.max(burst, needs(stable), replicas), panicMs, why: `a burst: ${say(panic)}` };
}

/** The fewest that there may be whatever the load: none only after the idle timeout, with nobody there. */
function lowest(at: Situation): number {
  if (at.waiting > 0) return 1;
  if (at.replicas === 0) return 0;
  return at.inFlight === 0 && at.idleMs >= idleTimeoutOf(at.spec) ? 0 : 1;
}

function recent({ wanted, nowMs }: Situation, windowMs: number): number[] {
  return wanted.filter(({ atMs }) => atMs > nowMs - windowMs).map(({ replicas }) => replicas);
}

/** Without a request nothing changes before it has been idle for long enough. */
function againMs(at: Situation, panicMs: number | undefined): number | undefined {
  const { spec, replicas, ready, waiting, inFlight, stable, panic } = at;
  const isQuiet = waiting + inFlight + stable + panic === 0 && panicMs === undefined;
  if (!isQuiet || ready < replicas) return LOOK_MS;
  return (spec.minReplicas ?? 0) > 0 ? undefined : Math.max(1, idleTimeoutOf(spec) - at.idleMs);
}

function wakeReason({ waiting, spec }: Situation): string {
  if (waiting > 0) return waiting === 1 ? "a request waits" : `${waiting} requests wait`;
  return `there shall be ${spec.minReplicas} at least`;
}

function idleReason({ spec }: Situation): string {
  return `no request for ${Math.round(idleTimeoutOf(spec) / 1000)} seconds`;
}

function shown(amount: number): string {
  return `${Math.round(amount * 10) / 10}`;
}
