import type { DeploymentStrategyChoice, TrafficShare } from "#api/kinds/deployment-strategy";
import type { RolloutState } from "#control-plane/controllers/deployment/strategy/state";

/** A strategy as a list of steps before the switch: how much of the traffic, how many pods, how long. */
export interface Step {
  readonly share: TrafficShare;
  /** Percent of the replicas that the new version has; at least one pod. */
  readonly sizePercent: number;
  readonly pauseMs: number;
  /** Only there to bring the new version to full size: nobody is asked. */
  readonly isGrowth: boolean;
}

/** The last step always has the new version at full size: the switch needs nothing more. */
export function stepsOf(strategy: DeploymentStrategyChoice): readonly Step[] {
  const { type, canarySteps, mirrorPercent, pauseMs } = strategy;
  const grown = (share: TrafficShare): Step => ({
    share,
    sizePercent: 100,
    pauseMs: 0,
    isGrowth: true,
  });
  if (type === "canary") {
    const steps = canarySteps.map(
      (weight): Step => ({ share: { weight }, sizePercent: weight, pauseMs, isGrowth: false }),
    );
    return [...steps, grown({ weight: canarySteps.at(-1) ?? 0 })];
  }
  if (type === "mirror") {
    const share = { weight: 0, mirrorPercent };
    return [{ share, sizePercent: mirrorPercent, pauseMs, isGrowth: false }, grown(share)];
  }
  return [{ share: { weight: 0 }, sizePercent: 100, pauseMs, isGrowth: false }];
}

/** Steps that are shown to people. */
export function countSteps(steps: readonly Step[]): number {
  return steps.filter(({ isGrowth }) => !isGrowth).length;
}

/** Of the new version: never none while the Deployment has any. */
export function sizeOf(replicas: number, { sizePercent }: Step): number {
  return Math.min(replicas, Math.max(1, Math.ceil((replicas * sizePercent) / 100)));
}

/** The step that a roll-out is in; undefined before the first one. */
export function presentStep(state: RolloutState, steps: readonly Step[]): Step | undefined {
  const index = state.step ?? -1;
  return index < 0 ? undefined : steps[Math.min(index, steps.length - 1)];
}

/** The step that it goes to next; undefined: the switch, or what comes after it. */
export function nextStep(state: RolloutState, steps: readonly Step[]): Step | undefined {
  return state.isSwitched ? undefined : steps[(state.step ?? -1) + 1];
}

/** Who gets what, by ReplicaSet. Invariant: weights sum up to 100. */
export function trafficOf(
  state: RolloutState,
  steps: readonly Step[],
): ReadonlyMap<string, TrafficShare> {
  const { stable, target } = state;
  if (!target) return new Map([[stable, { weight: 100 }]]);
  if (state.isSwitched) {
    return new Map([
      [target, { weight: 100 }],
      [stable, { weight: 0 }],
    ]);
  }
  const share = presentStep(state, steps)?.share ?? { weight: 0 };
  return new Map([
    [stable, { weight: 100 - share.weight }],
    [target, share],
  ]);
}
