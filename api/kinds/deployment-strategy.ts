import { forbidden, invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import type { Deployment } from "#api/schema/types";

/**
 * How a Deployment's new template takes over, as its annotations say. The whole of it is in docs/deploys.md;
 * without `kaji.dev/strategy` a Deployment is Kubernetes' own.
 */
export interface DeploymentStrategyChoice {
  readonly type: "rolling" | "blue-green" | "canary" | "mirror";
  /** Percent of the requests, ascending; empty but for canary. */
  readonly canarySteps: readonly number[];
  /** How long a step (canary), the stand before the switch (blue-green) or the copying (mirror) lasts. */
  readonly pauseMs: number;
  readonly mirrorPercent: number;
  readonly keepOldMs: number;
  readonly isManual: boolean;
  readonly rollsBack: boolean;
  readonly tolerance: Tolerance;
}

/** How much worse than the old version a new one may be. */
export interface Tolerance {
  /** Percentage points of requests answered 5xx. */
  readonly errorIncrease: number;
  /** Percent of the 95th percentile. */
  readonly latencyIncrease: number;
  readonly minLatencyIncreaseMs: number;
  readonly minRequests: number;
  readonly maxRestarts: number;
}

export const STRATEGY = "kaji.dev/strategy";
/** Written by the controller: `REPLICASET=PERCENT` or `REPLICASET=mirror/PERCENT`, separated by commas. */
export const TRAFFIC = "kaji.dev/traffic";
export const ROLLOUT_STATE = "kaji.dev/rollout-state";
export const PROMOTE = "kaji.dev/promote";
export const ABORT = "kaji.dev/abort";
export const ROLLOUT_ON_CONFIG_CHANGE = "kaji.dev/rollout-on-config-change";
/** Of the Deployment: the hash of the configuration that was last rolled out or tried. */
export const CONFIG_SEEN = "kaji.dev/config-seen";
/** Of the pod template: the hash of the configuration that its pods read. */
export const CONFIG_HASH = "kaji.dev/config-hash";
/** The condition of a Deployment with a strategy. */
export const ROLLOUT_CONDITION = "kaji.dev/Rollout";

/** What nobody but the controllers writes, and no undo or replace takes away. */
export const keptAnnotations: readonly string[] = [TRAFFIC, ROLLOUT_STATE, CONFIG_SEEN];

const types = ["rolling", "blue-green", "canary", "mirror"] as const;
const PREFIX = "kaji.dev/";

type Annotations = Readonly<Record<string, string>>;

interface NumberRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

const LONGEST_SECONDS = 30 * 24 * 3600;
const seconds = (standard: number): NumberRule => ({
  default: standard,
  min: 0,
  max: LONGEST_SECONDS,
  isWhole: true,
});
const numbers = {
  "canary-pause-seconds": seconds(60),
  "blue-green-hold-seconds": seconds(0),
  "mirror-seconds": seconds(60),
  "mirror-percent": { default: 10, min: 1, max: 100, isWhole: true },
  "keep-old-seconds": seconds(300),
  "max-error-increase": { default: 1, min: 0, max: 100, isWhole: false },
  "max-latency-increase": { default: 50, min: 0, max: 10_000, isWhole: false },
  "min-latency-increase-ms": { default: 50, min: 0, max: 600_000, isWhole: true },
  "min-requests": { default: 20, min: 1, max: 1_000_000_000, isWhole: true },
  "max-restarts": { default: 2, min: 0, max: 1000, isWhole: true },
} as const satisfies Readonly<Record<string, NumberRule>>;

const choices: Readonly<Record<string, readonly string[]>> = {
  strategy: types,
  promotion: ["automatic", "manual"],
  "auto-rollback": ["true", "false"],
  "rollout-on-config-change": ["true", "false"],
};
const CANARY_STEPS = "canary-steps";
const DEFAULT_CANARY_STEPS = [10, 25, 50];
/** Where requests reached the new version before it had all of them. */
const TRIED_KEEP_OLD_SECONDS = 60;
/** Beyond, a pod's name does not hold the whole name of its ReplicaSet. */
const MAX_NAME = 46;
const ROLLED_TYPES: readonly string[] = types;

export type StrategySetting =
  | keyof typeof numbers
  | typeof CANARY_STEPS
  | "promotion"
  | "auto-rollback";

/** What may be written to each setting beside the strategy itself, in words. */
export const strategySettings: Readonly<Record<StrategySetting, string>> = {
  ...(Object.fromEntries(
    Object.entries<NumberRule>(numbers).map(([name, rule]) => [
      name,
      `${rule.min} to ${rule.max}; default ${rule.default}`,
    ]),
  ) as Record<keyof typeof numbers, string>),
  "keep-old-seconds": `0 to ${LONGEST_SECONDS}; default ${numbers["keep-old-seconds"].default}, and ${TRIED_KEEP_OLD_SECONDS} for canary and rolling`,
  [CANARY_STEPS]: `ascending percents; default ${DEFAULT_CANARY_STEPS.join(",")}`,
  promotion: "automatic, the default, or manual",
  "auto-rollback": "true or false; default true, and false for `rolling`",
};

/** undefined: Kubernetes' own behaviour. Values that are not understood count as absent: they are refused when written. */
export function strategyOf(deployment: Deployment): DeploymentStrategyChoice | undefined {
  const annotations = deployment.metadata.annotations ?? {};
  const rollback = annotations[`${PREFIX}auto-rollback`];
  const type = types.find((one) => one === annotations[STRATEGY]) ?? "rolling";
  if (deployment.spec.strategy?.type === "Recreate") return undefined;
  // A rolling update that nobody watches is Kubernetes' own.
  if (type === "rolling" && rollback !== "true") return undefined;
  const isCanary = type === "canary";
  const isTried = isCanary || type === "rolling";
  const keepOld =
    isTried && annotations[`${PREFIX}keep-old-seconds`] === undefined
      ? TRIED_KEEP_OLD_SECONDS
      : numberOf(annotations, "keep-old-seconds");
  return {
    type,
    canarySteps: isCanary ? (stepsOf(annotations) ?? DEFAULT_CANARY_STEPS) : [],
    pauseMs: pauseSeconds(type, annotations) * 1000,
    mirrorPercent: numberOf(annotations, "mirror-percent"),
    keepOldMs: keepOld * 1000,
    isManual: annotations[`${PREFIX}promotion`] === "manual",
    rollsBack: rollback !== "false",
    tolerance: {
      errorIncrease: numberOf(annotations, "max-error-increase"),
      latencyIncrease: numberOf(annotations, "max-latency-increase"),
      minLatencyIncreaseMs: numberOf(annotations, "min-latency-increase-ms"),
      minRequests: numberOf(annotations, "min-requests"),
      maxRestarts: numberOf(annotations, "max-restarts"),
    },
  };
}

export function rollsOutOnConfigChange({ metadata }: Deployment): boolean {
  return metadata.annotations?.[ROLLOUT_ON_CONFIG_CHANGE] === "true";
}

function pauseSeconds(type: (typeof types)[number], annotations: Annotations): number {
  if (type === "canary") return numberOf(annotations, "canary-pause-seconds");
  if (type === "mirror") return numberOf(annotations, "mirror-seconds");
  return numberOf(annotations, "blue-green-hold-seconds");
}

function numberOf(annotations: Annotations, name: keyof typeof numbers): number {
  const rule: NumberRule = numbers[name];
  const text = annotations[PREFIX + name];
  return text !== undefined && isNumber(text, rule) ? Number(text) : rule.default;
}

function isNumber(text: string, { min, max, isWhole }: NumberRule): boolean {
  const pattern = isWhole ? /^\d{1,12}$/ : /^\d{1,12}(\.\d{1,6})?$/;
  return pattern.test(text) && Number(text) >= min && Number(text) <= max;
}

function stepsOf(annotations: Annotations): number[] | undefined {
  const text = annotations[PREFIX + CANARY_STEPS];
  if (text === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim());
  const steps = parts.map(Number);
  const isAscending = steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0));
  const isShare = (part: string): boolean => /^[1-9]\d?$/.test(part);
  return parts.every(isShare) && isAscending && parts.length <= 50 ? steps : undefined;
}

/** Refuses what would silently be something else than was meant. */
export function validateStrategyAnnotations({ metadata, spec }: Deployment): FieldError[] {
  const annotations = metadata.annotations ?? {};
  const found: FieldError[] = [];
  const path = (name: string): string => `metadata.annotations[${PREFIX}${name}]`;
  for (const [name, allowed] of Object.entries(choices)) {
    const value = annotations[PREFIX + name];
    if (value !== undefined && !allowed.includes(value))
      found.push(invalid(path(name), value, `must be one of ${allowed.join(", ")}`));
  }
  for (const [name, rule] of Object.entries<NumberRule>(numbers)) {
    const value = annotations[PREFIX + name];
    if (value === undefined || isNumber(value, rule)) continue;
    const what = rule.isWhole ? "a whole number" : "a number";
    found.push(invalid(path(name), value, `must be ${what} from ${rule.min} to ${rule.max}`));
  }
  const steps = annotations[PREFIX + CANARY_STEPS];
  if (steps !== undefined && !stepsOf(annotations)) {
    const detail = 'must be ascending percents from 1 to 99, such as "10,25,50"';
    found.push(invalid(path(CANARY_STEPS), steps, detail));
  }
  const type = annotations[STRATEGY];
  if (type && ROLLED_TYPES.includes(type) && spec.strategy?.type === "Recreate") {
    const detail = `may not be ${type} with spec.strategy.type Recreate: two versions run side by side`;
    found.push(forbidden(path("strategy"), detail));
  }
  if (type && type !== "rolling" && metadata.name.length > MAX_NAME) {
    const detail = `may not be used with a name of more than ${MAX_NAME} characters: pods are told apart by their ReplicaSet's name`;
    found.push(forbidden(path("strategy"), detail));
  }
  return found;
}

/** One version's part in the traffic: a percent of the requests, or copies of a percent of them. */
export interface TrafficShare {
  readonly weight: number;
  readonly mirrorPercent?: number;
}

/** By ReplicaSet; undefined: all pods alike. What cannot be read is left out. */
export function parseTraffic(text: string | undefined): Map<string, TrafficShare> | undefined {
  if (!text) return undefined;
  const shares = new Map<string, TrafficShare>();
  for (const part of text.split(/[, ]+/)) {
    const [, name, mirror, percent] = /^([a-z0-9.-]+)=(mirror\/)?(\d{1,3})$/.exec(part) ?? [];
    if (!name || Number(percent) > 100) continue;
    shares.set(
      name,
      mirror ? { weight: 0, mirrorPercent: Number(percent) } : { weight: Number(percent) },
    );
  }
  return shares.size > 0 ? shares : undefined;
}

export function formatTraffic(shares: ReadonlyMap<string, TrafficShare>): string {
  return [...shares]
    .map(([name, { weight, mirrorPercent }]) =>
      mirrorPercent === undefined ? `${name}=${weight}` : `${name}=mirror/${mirrorPercent}`,
    )
    .join(",");
}

/** The ReplicaSet of a pod among those named: a pod's name is its ReplicaSet's and a suffix without a dash. */
export function versionOfPod(podName: string): string {
  return podName.slice(0, Math.max(0, podName.lastIndexOf("-")));
}
