import type { KubeObject } from "#api/machinery/meta";
import type { Deployment } from "#api/schema/types";
import { type Progress, progressOf } from "#cli/rollout/progress";

/** What the deployment controller says of a roll-out by strategy (docs/deploys.md), as commands read it. Pure. */
export interface StrategyState {
  /** Waiting, Step, Verifying, Paused, Switched, Complete, RolledBack. */
  readonly phase: string;
  readonly message: string;
}

const CONDITION = "kaji.dev/Rollout";

export function strategyStateOf({ status }: Deployment): StrategyState | undefined {
  const found = status?.conditions?.find(({ type }) => type === CONDITION);
  return found && { phase: found.reason ?? "", message: found.message ?? "" };
}

/** ReplicaSets and their part of the requests, as kaji.dev/traffic has them. */
export interface TrafficShare {
  readonly version: string;
  readonly percent: number;
  /** Requests are copied to it, and its answers thrown away. */
  readonly isMirror: boolean;
}

export function trafficOf({ metadata }: Deployment): TrafficShare[] {
  const text = metadata.annotations?.["kaji.dev/traffic"] ?? "";
  return text.split(",").flatMap((part) => {
    const [, version = "", mirror, percent] = /^([^=]+)=(mirror\/)?(\d+)$/.exec(part.trim()) ?? [];
    return version ? [{ version, percent: Number(percent), isMirror: mirror !== undefined }] : [];
  });
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
