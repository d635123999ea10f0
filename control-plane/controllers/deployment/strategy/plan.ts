import { deploymentKind } from "#api/kinds/deployment";
import {
  ABORT,
  formatTraffic,
  PROMOTE,
  ROLLOUT_STATE,
  TRAFFIC,
} from "#api/kinds/deployment-strategy";
import type { Deployment } from "#api/schema/types";
import { type Action, type EventTemplate, targetOf } from "#control-plane/controllers/controller";
import { newReplicaSet, revisionOf } from "#control-plane/controllers/deployment/new-replica-set";
import { availableOf, replicasOf, scale } from "#control-plane/controllers/deployment/rolling";
import { whyGoBack } from "#control-plane/controllers/deployment/strategy/assess";
import {
  askedOf,
  deadlineMs,
  isStepOver,
  isWaitingForPods,
  type Look,
  presentName,
  replicasWanted,
  setNamed,
  stepEndsMs,
  targetOfLook,
  targetSize,
  wantedTraffic,
} from "#control-plane/controllers/deployment/strategy/look";
import { takeBaseline } from "#control-plane/controllers/deployment/strategy/measure";
import type { RolloutState } from "#control-plane/controllers/deployment/strategy/state";
import { countSteps, nextStep } from "#control-plane/controllers/deployment/strategy/steps";
import { templateWithoutHash } from "#control-plane/controllers/deployment/template";

/**
 * A roll-out by strategy, one deed a look: first who serves (one write of the traffic and the state), then who
 * has how many pods. Source of the words: docs/deploys.md.
 *
 *   at rest --new template--> step -1 --pods--> step 0 --> ... --> switched --keep-old--> at rest
 *                                 \______________\________________/
 *                                   worse, or asked: back to the former template
 *
 * Invariant: a version that has a share of the traffic was available at the size of its step when it got it.
 * Invariant: nothing is scaled down before the slices say that it gets no traffic.
 */
export function planTraffic(look: Look): Action[] | undefined {
  const isGuarded = look.strategy.type === "rolling";
  const end = isGuarded ? planGuardEnd : planAdvance;
  return planState(look) ?? planReturn(look) ?? end(look);
}

/** The state follows the template: a new one begins a roll-out, the former one ends it at once. */
function planState(look: Look): Action[] | undefined {
  const { state, rollout, isStored, strategy } = look;
  const present = presentName(rollout);
  const isPaused = rollout.deployment.spec.paused === true;
  if (state.target !== undefined && present === state.stable) {
    const message = `Returned to ${present}: its template is back`;
    return [write(look, { stable: present }, { event: ["RolloutReturned", message] })];
  }
  const isAnother = state.target !== present || state.type !== strategy.type;
  if (present !== state.stable && isAnother && !isPaused) return [write(look, begun(look))];
  const isTrafficRight = (annotationsOf(look)[TRAFFIC] ?? "") === trafficText(look, state);
  if (isStored && isTrafficRight) return undefined;
  return [write(look, state)];
}

/** What has all requests just now is what a later rollback returns to. */
function begun({ state, rollout, strategy, nowMs }: Look): RolloutState {
  const target = presentName(rollout);
  const served = state.isSwitched && state.target ? state.target : state.stable;
  const stable = served === target ? state.stable : served;
  return { stable, target, type: strategy.type, step: -1, since: new Date(nowMs).toISOString() };
}

/** All requests and the template go back in one write. */
function planReturn(look: Look): Action[] | undefined {
  const why = whyGoBack(look);
  const { state, rollout, nowMs } = look;
  const target = targetOfLook(look);
  const stable = setNamed(rollout, state.stable);
  const template = stable?.spec.template;
  if (why === undefined || !target || !template) return undefined;
  const { deployment } = rollout;
  const message = `Rolled back from ${target.metadata.name} to ${state.stable}: ${why}`;
  const refused = {
    version: target.metadata.name,
    revision: String(revisionOf(target)),
    since: new Date(nowMs).toISOString(),
    message,
  };
  const next: RolloutState = { stable: state.stable, refused };
  const { [PROMOTE]: _, [ABORT]: __, [TRAFFIC]: ___, ...kept } = annotationsOf(look);
  const traffic = trafficText(look, next);
  const annotations = {
    ...kept,
    [ROLLOUT_STATE]: JSON.stringify(next),
    ...(traffic ? { [TRAFFIC]: traffic } : {}),
  };
  const object: Deployment = {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
    spec: { ...deployment.spec, template: templateWithoutHash(template) },
  };
  const event: EventTemplate = {
    about: deployment,
    type: "Warning",
    reason: "RolledBack",
    message,
  };
  return [{ type: "update", kind: deploymentKind, object, event }];
}

/** Into the next step, the switch, or rest: as soon as the present one is over and its pods are there. */
function planAdvance(look: Look): Action[] | undefined {
  const { state, rollout, steps, nowMs, reports } = look;
  const { target, stable, step = -1 } = state;
  const isStill = rollout.deployment.spec.paused || replicasWanted(look) === 0;
  if (target === undefined || isStill || !isStepOver(look) || isWaitingForPods(look))
    return undefined;
  if (state.isSwitched) {
    const event = ["RolloutComplete", `${target} has taken over from ${stable}`] as const;
    return [write(look, { stable: target }, { event, consumes: true })];
  }
  const since = new Date(nowMs).toISOString();
  const baseline = takeBaseline(reports, [stable, target]);
  const entered: RolloutState = { ...state, step: step + 1, since, baseline };
  const next = nextStep(state, steps);
  if (!next) {
    const event = ["RolloutSwitched", `All requests go to ${target} now`] as const;
    return [write(look, { ...entered, isSwitched: true }, { event, consumes: true })];
  }
  // A word that was given before the first step is for the first step.
  const consumes = step >= 0 && askedOf(look) === "promote";
  if (next.isGrowth) return [write(look, { ...state, step: step + 1, since }, { consumes })];
  const { weight, mirrorPercent } = next.share;
  const gets = mirrorPercent === undefined ? `${weight} %` : `copies of ${mirrorPercent} %`;
  const message = `Step ${step + 2} of ${countSteps(steps)}: ${target} gets ${gets} of the requests`;
  return [write(look, entered, { event: ["RolloutStep", message], consumes })];
}

/**
 * Of a plain rolling update that watches itself only what serves is remembered, for the way back. When nothing of the
 * old version is left, it is still watched for as long as others keep their old version.
 */
function planGuardEnd(look: Look): Action[] | undefined {
  const { rollout, state, nowMs } = look;
  const { current, old } = rollout;
  if (state.target === undefined || !current) return undefined;
  const replicas = replicasWanted(look);
  const isComplete =
    availableOf(current) === replicas &&
    current.status?.replicas === replicas &&
    old.every(({ status }) => (status?.replicas ?? 0) === 0);
  if (state.isSwitched) {
    return isStepOver(look)
      ? [write(look, { stable: current.metadata.name }, { consumes: true })]
      : undefined;
  }
  const since = new Date(nowMs).toISOString();
  return isComplete ? [write(look, { ...state, isSwitched: true, since })] : undefined;
}

interface WriteOptions {
  readonly event?: readonly [reason: string, message: string];
  /** What was asked for has been done. */
  readonly consumes?: boolean;
}

/** The state and the traffic that it means, in one write. */
function write(look: Look, state: RolloutState, { event, consumes }: WriteOptions = {}): Action {
  const { deployment } = look.rollout;
  const has = annotationsOf(look);
  const words = consumes ? [PROMOTE, ABORT].filter((name) => has[name] !== undefined) : [];
  const annotations: Record<string, string | null> = {
    ...Object.fromEntries(words.map((name) => [name, null])),
    [ROLLOUT_STATE]: JSON.stringify(state),
    [TRAFFIC]: trafficText(look, state) || null,
  };
  const [reason = "", message = ""] = event ?? [];
  return {
    type: "patch",
    kind: deploymentKind,
    target: targetOf(deployment),
    body: { metadata: { annotations } },
    ...(event ? { event: { about: deployment, type: "Normal", reason, message } } : {}),
  };
}

/** Empty: all pods alike, as a rolling update has it. */
function trafficText(look: Look, state: RolloutState): string {
  return look.strategy.type === "rolling" ? "" : formatTraffic(wantedTraffic(look, state));
}

function annotationsOf({ rollout }: Look): Readonly<Record<string, string>> {
  return rollout.deployment.metadata.annotations ?? {};
}

/** The version that serves stands at full size, the new one at the size of its step, every other goes. */
export function planSizes(look: Look): Action[] {
  const { rollout, state } = look;
  const { deployment, current, old } = rollout;
  const replicas = replicasWanted(look);
  const size = targetSize(look);
  const creates =
    current === undefined && !deployment.spec.paused
      ? [newReplicaSet(rollout, state.target === undefined ? replicas : size)]
      : [];
  const wanted = new Map(
    [...old, ...(current ? [current] : [])].map((set) => {
      const { name } = set.metadata;
      return [set, name === state.stable ? replicas : name === state.target ? size : 0];
    }),
  );
  const changed = [...wanted].filter(([set, count]) => count !== replicasOf(set));
  const up = changed.filter(([set, count]) => count > replicasOf(set));
  const down = doSlicesAgree(look) ? changed.filter(([set, count]) => count < replicasOf(set)) : [];
  return [
    ...creates,
    ...[...up, ...down].map(([set, count]) => scale(deployment, set, count)),
    ...planAlarm(look),
  ];
}

/** Whether every slice that names pods of this Deployment has its present traffic. */
function doSlicesAgree({ rollout, slices, pods }: Look): boolean {
  const { deployment } = rollout;
  const traffic = deployment.metadata.annotations?.[TRAFFIC] ?? "";
  // One version alone is not shared out: slices say nothing of it.
  if (!traffic.includes(",")) return true;
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  return slices
    .filter(({ endpoints }) => endpoints?.some(({ targetRef }) => names.has(targetRef?.name ?? "")))
    .every(({ metadata }) => (metadata.annotations?.[TRAFFIC] ?? "").split(" ").includes(traffic));
}

/** Time alone ends a step, or makes pods late. */
export function planAlarm(look: Look): Action[] {
  if (look.state.target === undefined) return [];
  const dueMs = isWaitingForPods(look) ? deadlineMs(look) : stepEndsMs(look);
  if (dueMs === undefined || dueMs <= look.nowMs) return [];
  return [{ type: "requeue", afterMs: dueMs - look.nowMs }];
}

/** The strategy was taken away: all pods alike again. */
export function forgetStrategy(deployment: Deployment): Action[] | undefined {
  const has = deployment.metadata.annotations ?? {};
  const left = [TRAFFIC, ROLLOUT_STATE].filter((name) => has[name] !== undefined);
  if (left.length === 0) return undefined;
  const annotations = Object.fromEntries(left.map((name) => [name, null]));
  const target = targetOf(deployment);
  return [{ type: "patch", kind: deploymentKind, target, body: { metadata: { annotations } } }];
}
