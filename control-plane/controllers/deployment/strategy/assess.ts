import type { ReplicaSet } from "#api/schema/types";
import { availableOf, replicasOf } from "#control-plane/controllers/deployment/rolling";
import {
  askedOf,
  deadlineMs,
  type Look,
  podsOf,
  setNamed,
  targetOfLook,
  targetSize,
} from "#control-plane/controllers/deployment/strategy/look";
import { measure } from "#control-plane/controllers/deployment/strategy/measure";
import {
  type Comparison,
  judgePods,
  judgeRequests,
  whyNotReady,
} from "#control-plane/controllers/deployment/strategy/verdict";

/** Why the roll-out must go back, in one sentence; undefined: it need not. */
export function whyGoBack(look: Look): string | undefined {
  const target = targetOfLook(look);
  const stable = setNamed(look.rollout, look.state.stable);
  // Without the former version's template there is no way back.
  if (!target || !stable || stable === target) return undefined;
  if (askedOf(look) === "abort") return "somebody asked for it (kaji.dev/abort)";
  if (!look.strategy.rollsBack) return undefined;
  const { tolerance } = look.strategy;
  return (
    judgePods(podsOf(look, target), tolerance) ??
    neverReady(look, target) ??
    noneReady(look, target, stable) ??
    (look.state.baseline ? judgeRequests(compare(look), tolerance) : undefined)
  );
}

/** The new version against the old one since the step began. An old one that gets too little is measured over its whole life. */
export function compare({ reports, state, strategy }: Look): Comparison {
  const { stable, target = "", baseline } = state;
  const recent = measure(reports, stable, baseline);
  const isEnough = recent.requests >= strategy.tolerance.minRequests;
  return {
    fresh: measure(reports, target, baseline),
    old: isEnough ? recent : measure(reports, stable),
  };
}

function neverReady(look: Look, target: ReplicaSet): string | undefined {
  const limitMs = look.strategy.type === "rolling" ? rollingDeadlineMs(look) : deadlineMs(look);
  if (limitMs === undefined || look.nowMs < limitMs) return undefined;
  const seconds = look.rollout.deployment.spec.progressDeadlineSeconds ?? 600;
  const size = look.strategy.type === "rolling" ? replicasOf(target) : targetSize(look);
  const late = podsOf(look, target).filter(
    ({ status }) =>
      !status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  return `only ${availableOf(target)} of ${size} pods were available after ${seconds} s without progress: ${whyNotReady(late)}`;
}

/** A plain rolling update has Kubernetes' own deadline; one that an earlier attempt missed does not count. */
function rollingDeadlineMs({ rollout, state, nowMs }: Look): number | undefined {
  const known = rollout.deployment.status?.conditions?.find(({ type }) => type === "Progressing");
  if (known?.reason !== "ProgressDeadlineExceeded") return undefined;
  const saidMs = Date.parse(known.lastUpdateTime ?? "") || 0;
  return saidMs > (Date.parse(state.since ?? "") || 0) ? nowMs : undefined;
}

function noneReady(look: Look, target: ReplicaSet, stable: ReplicaSet): string | undefined {
  const ready = (set: ReplicaSet): number => set.status?.readyReplicas ?? 0;
  const isServing = (look.state.step ?? -1) >= 0;
  if (!isServing || replicasOf(target) === 0 || ready(target) > 0 || ready(stable) === 0)
    return undefined;
  const count = replicasOf(target);
  const none = count === 1 ? "its only pod is not" : `none of its ${count} pods is`;
  const why = whyNotReady(podsOf(look, target));
  return `${none} ready any more, ${ready(stable)} of the old version's are: ${why}`;
}
