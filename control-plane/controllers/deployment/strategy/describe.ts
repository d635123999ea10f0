import { ROLLOUT_CONDITION } from "#api/kinds/deployment-strategy";
import type { DeploymentCondition } from "#api/schema/types";
import { availableOf } from "#control-plane/controllers/deployment/rolling";
import { compare } from "#control-plane/controllers/deployment/strategy/assess";
import {
  isWaitingForPods,
  type Look,
  presentName,
  replicasWanted,
  setNamed,
  stepEndsMs,
  targetOfLook,
  targetSize,
} from "#control-plane/controllers/deployment/strategy/look";
import { countSteps, presentStep } from "#control-plane/controllers/deployment/strategy/steps";
import { formatMeasured } from "#control-plane/controllers/deployment/strategy/verdict";
import type { StrategyStatus } from "#control-plane/controllers/deployment/status";
import { toTime } from "#kit/clock";

/** What people read of a roll-out: its phase as the reason, one sentence as the message. */
type Phase = Pick<DeploymentCondition, "type" | "status" | "reason" | "message">;

export function strategyStatus(look: Look): StrategyStatus {
  const { state, strategy } = look;
  const isUnderWay = state.target !== undefined;
  const serves = presentName(look.rollout) === state.stable;
  return {
    phase: describe(look),
    isHolding: isUnderWay && strategy.type !== "rolling" && !isWaitingForPods(look),
    sinceMs: Date.parse(state.since ?? "") || 0,
    refusal: !isUnderWay && serves ? state.refused?.message : undefined,
  };
}

function describe(look: Look): Phase {
  const { state } = look;
  if (state.target !== undefined) return phase("Unknown", ...underWay(look));
  if (state.refused) return phase("False", "RolledBack", state.refused.message);
  const stable = setNamed(look.rollout, state.stable);
  const wanted = replicasWanted(look);
  return availableOf(stable) >= wanted
    ? phase("True", "Complete", `all requests go to ${state.stable}`)
    : phase("Unknown", "Waiting", missing(state.stable, availableOf(stable), wanted));
}

function phase(status: string, reason: string, message: string): Phase {
  return { type: ROLLOUT_CONDITION, status, reason, message };
}

function missing(name: string, available: number, wanted: number): string {
  return `waits for pods of ${name}: ${available} of ${wanted} are available`;
}

function underWay(look: Look): [reason: string, message: string] {
  const { state, strategy, rollout } = look;
  const { target = "" } = state;
  if (strategy.type === "rolling") return rolling(look, target);
  if (replicasWanted(look) === 0) return ["Waiting", `waits for replicas to try ${target} with`];
  const present = whatHappens(look);
  if (rollout.deployment.spec.paused) return ["Paused", `${present}; the Deployment is paused`];
  if (isWaitingForPods(look)) {
    const pods = missing(target, availableOf(targetOfLook(look)), targetSize(look));
    return ["Waiting", `${present}; ${pods}`];
  }
  const endsMs = stepEndsMs(look);
  if (state.isSwitched) {
    const end = endsMs === undefined ? "" : ` until ${toTime(endsMs)}`;
    return ["Switched", `${present}; ${state.stable} stands for a return${end}`];
  }
  const step = presentStep(state, look.steps);
  if (endsMs === undefined) return ["Paused", `${present}; waits for kaji.dev/promote`];
  const isShared = (step?.share.weight ?? 0) > 0 || step?.share.mirrorPercent !== undefined;
  return [isShared ? "Step" : "Verifying", `${present}; goes on at ${toTime(endsMs)}`];
}

function rolling(look: Look, target: string): [reason: string, message: string] {
  const { state } = look;
  if (!state.isSwitched) return ["Step", `pods of ${state.stable} give way to pods of ${target}`];
  const until = toTime(stepEndsMs(look) ?? look.nowMs);
  return ["Switched", `all pods are of ${target}, which is watched until ${until}`];
}

/** "step 2 of 3: 25 % to web-77c; 410 requests, 0.2 % failed, p95 31 ms (old: ...)" */
function whatHappens(look: Look): string {
  const { state, steps } = look;
  const { target = "" } = state;
  const share = presentStep(state, steps)?.share;
  if (state.isSwitched) return `all requests to ${target}${figures(look)}`;
  if (!share) return `no requests to ${target} yet`;
  if (share.mirrorPercent !== undefined)
    return `copies of ${share.mirrorPercent} % to ${target}${figures(look)}`;
  if (share.weight === 0) return `${target} stands ready and gets no requests yet`;
  const shown = countSteps(steps);
  const number = Math.min((state.step ?? 0) + 1, shown);
  return `step ${number} of ${shown}: ${share.weight} % to ${target}${figures(look)}`;
}

function figures(look: Look): string {
  if (!look.state.baseline) return "";
  const { fresh, old } = compare(look);
  const { minRequests } = look.strategy.tolerance;
  const few = fresh.requests < minRequests ? `, too few for a verdict (${minRequests})` : "";
  return `; ${formatMeasured(fresh)}${few} (old: ${formatMeasured(old)})`;
}
