import type { HPAScalingRules, HorizontalPodAutoscaler } from "#api/schema/types";
import type {
  Recommended,
  ReplicaChange,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";

/**
 * How a recommendation becomes a number of replicas: held back by the recommendations of the stabilization windows,
 * by what the policies allow in their periods, and by the least and most of the spec.
 */
export interface Bounds {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly minReplicas: number;
  readonly currentReplicas: number;
  readonly recommendations: readonly Recommended[];
  readonly changes: readonly ReplicaChange[];
  readonly nowMs: number;
}

export interface Said {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

/** --horizontal-pod-autoscaler-downscale-stabilization */
const DOWNSCALE_WINDOW_MS = 300_000;

type Windows = { readonly upMs: number; readonly downMs: number };

export function windowsOf({ spec }: HorizontalPodAutoscaler): Windows {
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  const downSeconds = scaleDown?.stabilizationWindowSeconds;
  return {
    upMs: (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000,
    downMs: downSeconds === undefined ? DOWNSCALE_WINDOW_MS : downSeconds * 1000,
  };
}

/** The number of replicas that is nearest to the current one within what was recommended lately. */
export function stabilized(desired: number, bounds: Bounds): Said {
  const { autoscaler, currentReplicas, recommendations, nowMs } = bounds;
  const { upMs, downMs } = windowsOf(autoscaler);
  const since = (windowMs: number): number[] =>
    recommendations.filter(({ atMs }) => atMs > nowMs - windowMs).map(({ replicas }) => replicas);
  const least = Math.min(desired, ...since(upMs));
  const most = Math.max(desired, ...since(downMs));
  // Without a behavior there is no window for scaling up, and the highest recommendation counts.
  const replicas = autoscaler.spec.behavior
    ? Math.min(Math.max(currentReplicas, least), most)
    : most;
  if (replicas === desired) {
    const message = "recommended size matches current size";
    return { replicas, reason: "ReadyForNewScale", message };
  }
  const isUp = autoscaler.spec.behavior !== undefined && desired >= currentReplicas;
  const [reason, than, which] = isUp
    ? ["ScaleUpStabilized", "lower", "lowest"]
    : ["ScaleDownStabilized", "higher", "highest"];
  const message = `recent recommendations were ${than} than current one, applying the ${which} recent recommendation`;
  return { replicas, reason, message };
}

/** What policies and the spec leave of it. */
export function limited(desired: number, bounds: Bounds): Said {
  const { autoscaler, minReplicas, currentReplicas } = bounds;
  const { maxReplicas } = autoscaler.spec;
  if (desired > currentReplicas) {
    const limit = scaleUpLimit(bounds);
    const most = Math.min(maxReplicas, limit);
    if (desired > most) return maxReplicas > limit ? tooFast(most, "Up") : tooMany(most);
  } else if (desired < currentReplicas) {
    const limit = scaleDownLimit(bounds);
    const least = Math.max(minReplicas, limit);
    if (desired < least) return minReplicas < limit ? tooFast(least, "Down") : tooFew(least);
  }
  const message = "the desired count is within the acceptable range";
  return { replicas: desired, reason: "DesiredWithinRange", message };
}

function tooFast(replicas: number, way: "Up" | "Down"): Said {
  const doing = way === "Up" ? "increasing" : "decreasing";
  const message = `the desired replica count is ${doing} faster than the maximum scale rate`;
  return { replicas, reason: `Scale${way}Limit`, message };
}

function tooMany(replicas: number): Said {
  const message = "the desired replica count is more than the maximum replica count";
  return { replicas, reason: "TooManyReplicas", message };
}

function tooFew(replicas: number): Said {
  const message = "the desired replica count is less than the minimum replica count";
  return { replicas, reason: "TooFewReplicas", message };
}

/** Without a behavior: twice as many, or four. */
function scaleUpLimit(bounds: Bounds): number {
  const { autoscaler, currentReplicas } = bounds;
  const rules = autoscaler.spec.behavior?.scaleUp;
  if (!rules) return Math.max(2 * currentReplicas, 4);
  const limits = policyLimits(rules, bounds, {
    Pods: (start, value) => start + value,
    Percent: (start, value) => Math.ceil(start * (1 + value / 100)),
  });
  const limit = rules.selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
  return Math.max(limit, currentReplicas);
}

function scaleDownLimit(bounds: Bounds): number {
  const rules = bounds.autoscaler.spec.behavior?.scaleDown;
  if (!rules) return 0;
  const limits = policyLimits(rules, bounds, {
    Pods: (start, value) => start - value,
    Percent: (start, value) => Math.trunc(start * (1 - value / 100)),
  });
  // The policy of the least change leaves the most replicas.
  const limit = rules.selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
  return Math.min(limit, bounds.currentReplicas);
}

/** Each policy counts from the replicas that there were when its period began. */
function policyLimits(
  { policies = [], selectPolicy }: HPAScalingRules,
  { currentReplicas, changes, nowMs }: Bounds,
  limitOf: Record<"Pods" | "Percent", (start: number, value: number) => number>,
): number[] {
  if (selectPolicy === "Disabled" || policies.length === 0) return [currentReplicas];
  return policies.map(({ type, value, periodSeconds }) => {
    const recent = changes.filter(({ atMs }) => atMs > nowMs - periodSeconds * 1000);
    const start = recent.reduce((replicas, { change }) => replicas - change, currentReplicas);
    return type === "Pods" ? limitOf.Pods(start, value) : limitOf.Percent(start, value);
  });
}
