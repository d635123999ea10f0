import {
  amountOf,
  conditionOf,
  type PressureCondition,
  type Signal,
  type Threshold,
} from "#node-agent/eviction/thresholds";

/** What is left of something, and how much there is of it. */
export interface Observation {
  readonly available: number;
  readonly capacity: number;
}

export type Observations = ReadonlyMap<Signal, Observation>;

/** What one look at the signals leaves to the next. */
export interface PressureHistory {
  /** Met and not yet resolved, with the time since when. */
  readonly metSinceMs: ReadonlyMap<Threshold, number>;
  /** When a condition was last due to a threshold. */
  readonly lastTrueMs: ReadonlyMap<PressureCondition, number>;
}

export const noHistory: PressureHistory = { metSinceMs: new Map(), lastTrueMs: new Map() };

export interface Pressure {
  readonly conditions: ReadonlySet<PressureCondition>;
  /** For which something must be reclaimed now, the most urgent first. */
  readonly due: readonly Threshold[];
  readonly history: PressureHistory;
}

/**
 * One look at the signals; pure. A condition stays for the transition period after its last cause, so that a node
 * at the edge does not go back and forth. A threshold that was met is resolved only beyond its minimum reclaim.
 */
export function judgePressure(input: {
  readonly thresholds: readonly Threshold[];
  readonly observations: Observations;
  readonly history: PressureHistory;
  readonly transitionMs: number;
  readonly nowMs: number;
}): Pressure {
  const { thresholds, observations, history, transitionMs, nowMs } = input;
  const met = thresholds.filter((threshold) => {
    const wasMet = history.metSinceMs.has(threshold);
    return isMet(threshold, observations, { withReclaim: wasMet });
  });
  const metSinceMs = new Map(met.map((one) => [one, history.metSinceMs.get(one) ?? nowMs]));
  const lastTrueMs = new Map(history.lastTrueMs);
  for (const { signal } of met) lastTrueMs.set(conditionOf(signal), nowMs);
  const isRecent = ([, atMs]: [unknown, number]): boolean =>
    atMs === nowMs || nowMs - atMs < transitionMs;
  const due = met.filter((one) => nowMs - (metSinceMs.get(one) ?? nowMs) >= one.graceMs);
  return {
    conditions: new Set([...lastTrueMs].filter(isRecent).map(([condition]) => condition)),
    due: due.sort((a, b) => urgency(a) - urgency(b)),
    history: { metSinceMs, lastTrueMs },
  };
}

export function isMet(
  { signal, amount, minReclaim }: Threshold,
  observations: Observations,
  options: { readonly withReclaim: boolean },
): boolean {
  const observed = observations.get(signal);
  if (!observed) return false;
  const { available, capacity } = observed;
  const more = options.withReclaim && minReclaim ? amountOf(minReclaim, capacity) : 0;
  return available < amountOf(amount, capacity) + more;
}

/** Less than twice the threshold is left. */
export function isMemoryNear(
  thresholds: readonly Threshold[],
  observations: Observations,
): boolean {
  const observed = observations.get("memory.available");
  if (!observed) return false;
  const { available, capacity } = observed;
  return thresholds.some(
    ({ signal, amount }) =>
      signal === "memory.available" && available < 2 * amountOf(amount, capacity),
  );
}

/** Memory kills at once, a full disk soon; of two for one signal the hard one comes first. */
function urgency({ signal, graceMs }: Threshold): number {
  const rank = signal === "memory.available" ? 0 : signal === "pid.available" ? 2 : 1;
  return rank * 2 + (graceMs === 0 ? 0 : 1);
}
