import { ROLLOUT_CONDITION } from "#api/kinds/deployment-strategy";
import type { KubeObject } from "#api/machinery/meta";
import type { Deployment } from "#api/schema/types";
import { type Progress, progressOf } from "#cli/rollout/progress";

/** What the deployment controller says of a roll-out by strategy (docs/deploys.md), as commands read it. Pure. */
export interface StrategyState {
  /** Waiting, Step, Verifying, Paused, Switched, Complete, RolledBack. */
  readonly phase: string;
  readonly message: string;
}

export function strategyStateOf({ status }: Deployment): StrategyState | undefined {
  const found = status?.conditions?.find(({ type }) => type === ROLLOUT_CONDITION);
  return found && { phase: found.reason ?? "", message: found.message ?? "" };
}

/**
 * Of a workload in a release: it is out once the new version has all requests, although the old one may stand for a
 * return; and a roll-out that waits for somebody's word is no reason to wait here.
 */
export function releaseProgressOf(object: KubeObject): Progress {
  const plain = progressOf(object);
  if (object.kind !== "Deployment") return plain;
  const { metadata, status } = object as Deployment;
  const state = strategyStateOf(object as Deployment);
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (!state || !isObserved) return plain;
  const { phase, message } = state;
  if (phase === "RolledBack") {
    return {
      state: "failed",
      sentence: message || `deployment "${metadata.name}" was rolled back`,
    };
  }
  if (phase === "Switched") return { state: "done", sentence: message };
  if (phase === "Paused") {
    const advice = `\`kaji rollout promote deployment/${metadata.name}\` goes on`;
    return { state: "done", sentence: `${message}; ${advice}` };
  }
  return plain.state === "waiting" && phase !== "Complete"
    ? { state: "waiting", sentence: message || plain.sentence }
    : plain;
}
