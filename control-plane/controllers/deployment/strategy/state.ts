import { ROLLOUT_STATE } from "#api/kinds/deployment-strategy";
import type { Deployment } from "#api/schema/types";

/**
 * What a roll-out with a strategy knows of itself, in an annotation of the Deployment: any process that is
 * started finds it there. It and the traffic annotation are written together, in one write.
 */
export interface RolloutState {
  /** The ReplicaSet that served before and that a rollback returns to; at rest the one that serves. */
  readonly stable: string;
  /** The ReplicaSet that takes over; absent: at rest. */
  readonly target?: string;
  /** The strategy that `step` counts in: with another one the roll-out begins again. */
  readonly type?: string;
  /** The step that was entered; -1: none yet. */
  readonly step?: number;
  /** The target has all requests, the stable one still stands. */
  readonly isSwitched?: boolean;
  /** When the step was entered, or the roll-out began. */
  readonly since?: string;
  /** What had been counted when the step was entered. */
  readonly baseline?: Baseline;
  /** Why the last roll-out went back. Stands until the next one begins. */
  readonly refused?: Refusal;
}

export interface Refusal {
  readonly version: string;
  readonly revision: string;
  readonly since: string;
  readonly message: string;
}

/** By "report@epoch", then by version: requests, errors, the sum of milliseconds, then the buckets. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** undefined: none, or nothing that can be read; the roll-out then begins from what there is. */
export function readState({ metadata }: Deployment): RolloutState | undefined {
  const text = metadata.annotations?.[ROLLOUT_STATE];
  if (!text) return undefined;
  try {
    const state = JSON.parse(text) as Partial<RolloutState> | null;
    return typeof state?.stable === "string" ? (state as RolloutState) : undefined;
  } catch {
    return undefined;
  }
}
