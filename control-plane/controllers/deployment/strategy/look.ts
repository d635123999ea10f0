import {
  ABORT,
  type DeploymentStrategyChoice,
  PROMOTE,
  type TrafficShare,
} from "#api/kinds/deployment-strategy";
import { isControlledBy } from "#api/machinery/meta";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { EndpointSlice, Pod, ReplicaSet } from "#api/schema/types";
import {
  HOLDING,
  NO_DEADLINE,
  PAUSED,
  TIMED_OUT,
} from "#control-plane/controllers/deployment/conditions";
import {
  newReplicaSetName,
  revisionOf,
} from "#control-plane/controllers/deployment/new-replica-set";
import type { Rollout } from "#control-plane/controllers/deployment/plan";
import { availableOf, replicasOf } from "#control-plane/controllers/deployment/rolling";
import { readState, type RolloutState } from "#control-plane/controllers/deployment/strategy/state";
import {
  nextStep,
  presentStep,
  sizeOf,
  type Step,
  stepsOf,
  trafficOf,
} from "#control-plane/controllers/deployment/strategy/steps";

/** One look at a Deployment with a strategy: what is there, and the questions that its plan asks. */
export interface Look {
  readonly rollout: Rollout;
  readonly strategy: DeploymentStrategyChoice;
  readonly steps: readonly Step[];
  readonly pods: readonly Pod[];
  /** Of the Services that select its pods. */
  readonly reports: readonly TrafficReport[];
  readonly slices: readonly EndpointSlice[];
  readonly nowMs: number;
  /** As it is stored, or as it follows from what is there. */
  readonly state: RolloutState;
  readonly isStored: boolean;
}

export interface Surroundings {
  readonly pods: readonly Pod[];
  readonly reports: readonly TrafficReport[];
  readonly slices: readonly EndpointSlice[];
}

export function lookAt(
  rollout: Rollout,
  strategy: DeploymentStrategyChoice,
  surroundings: Surroundings,
  nowMs: number,
): Look {
  const stored = readState(rollout.deployment);
  const isKnown =
    stored !== undefined &&
    (stored.stable === presentName(rollout) || setNamed(rollout, stored.stable) !== undefined);
  const state = isKnown ? stored : firstState(rollout);
  const steps = strategy.type === "rolling" ? [] : stepsOf(strategy);
  return { ...surroundings, rollout, strategy, steps, nowMs, state, isStored: isKnown };
}

/** What serves counts as stable: the present version when it is alone, else the old one with the most pods. */
function firstState(rollout: Rollout): RolloutState {
  const serving = rollout.old.filter((set) => replicasOf(set) > 0);
  const [largest] = [...serving].sort((a, b) => availableOf(b) - availableOf(a));
  return { stable: largest?.metadata.name ?? presentName(rollout) };
}

/** Of the ReplicaSet of the present template, also before there is one. */
export function presentName({ current, deployment }: Rollout): string {
  return current?.metadata.name ?? newReplicaSetName(deployment);
}

export function setNamed({ current, old }: Rollout, name: string): ReplicaSet | undefined {
  return [...old, ...(current ? [current] : [])].find(({ metadata }) => metadata.name === name);
}

export function targetOfLook({ rollout, state }: Look): ReplicaSet | undefined {
  return state.target === undefined ? undefined : setNamed(rollout, state.target);
}

export function podsOf({ pods }: Look, set: ReplicaSet | undefined): readonly Pod[] {
  if (!set) return [];
  return pods.filter((pod) => isControlledBy(pod, set) && !pod.metadata.deletionTimestamp);
}

export function replicasWanted({ rollout }: Look): number {
  return rollout.deployment.spec.replicas ?? 1;
}

/** Who should get what now. At rest others are named while they have pods: their slices then say that they get nothing. */
export function wantedTraffic({ rollout, steps }: Look, state: RolloutState) {
  const shares = new Map<string, TrafficShare>(trafficOf(state, steps));
  if (state.target !== undefined) return shares;
  for (const set of [...rollout.old, ...(rollout.current ? [rollout.current] : [])]) {
    const { name } = set.metadata;
    const isThere = replicasOf(set) > 0 || (set.status?.replicas ?? 0) > 0;
    if (isThere && name !== state.stable) shares.set(name, { weight: 0 });
  }
  return shares;
}

/** What people and tools asked for of this very roll-out. */
export function askedOf(look: Look): "promote" | "promote fully" | "abort" | undefined {
  const target = targetOfLook(look);
  const annotations = look.rollout.deployment.metadata.annotations ?? {};
  if (!target) return undefined;
  const revision = String(revisionOf(target));
  if (annotations[ABORT] === revision) return "abort";
  if (annotations[PROMOTE] === revision) return "promote";
  return annotations[PROMOTE] === `${revision}/full` ? "promote fully" : undefined;
}

/** When the present step ends by time alone; undefined: before the first step, or never by itself. */
export function stepEndsMs({ state, steps, strategy }: Look): number | undefined {
  const sinceMs = Date.parse(state.since ?? "") || 0;
  if (state.isSwitched) return sinceMs + strategy.keepOldMs;
  const step = presentStep(state, steps);
  if (!step) return undefined;
  return strategy.isManual && !step.isGrowth ? undefined : sinceMs + step.pauseMs;
}

/** Nothing but pods is waited for. */
export function isStepOver(look: Look): boolean {
  if ((look.state.step ?? -1) < 0 && !look.state.isSwitched) return true;
  const asked = askedOf(look);
  const endsMs = stepEndsMs(look);
  if (asked === "promote" || asked === "promote fully") return true;
  return endsMs !== undefined && look.nowMs >= endsMs;
}

/** How many pods the new version should have now. */
export function targetSize(look: Look): number {
  const { state, steps, rollout } = look;
  const replicas = replicasWanted(look);
  if (state.isSwitched) return replicas;
  const present = presentStep(state, steps);
  const goesOn = !rollout.deployment.spec.paused && isStepOver(look);
  const step = goesOn || !present ? (nextStep(state, steps) ?? present) : present;
  return step ? sizeOf(replicas, step) : replicas;
}

export function isWaitingForPods(look: Look): boolean {
  const target = targetOfLook(look);
  if (look.state.target === undefined || replicasWanted(look) === 0) return false;
  return availableOf(target) < targetSize(look);
}

/** When pods that are waited for are late; undefined: none are, or there is no limit. */
export function deadlineMs(look: Look): number | undefined {
  const { deployment } = look.rollout;
  const deadlineSeconds = deployment.spec.progressDeadlineSeconds ?? 600;
  if (deadlineSeconds === NO_DEADLINE || !isWaitingForPods(look)) return undefined;
  const known = deployment.status?.conditions?.find(({ type }) => type === "Progressing");
  // The waiting has only just begun: the condition does not know of it yet.
  const isFresh = known?.reason === HOLDING || known?.reason === PAUSED;
  const movedMs =
    known && known.reason !== TIMED_OUT ? Date.parse(known.lastUpdateTime ?? "") || 0 : 0;
  const beganMs = isFresh
    ? look.nowMs
    : Math.max(Date.parse(look.state.since ?? "") || 0, stepEndsMs(look) ?? 0, movedMs);
  return beganMs + deadlineSeconds * 1000;
}
