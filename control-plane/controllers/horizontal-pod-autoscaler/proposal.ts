import { parseQuantity, quantityToMillis } from "#api/machinery/quantity";
import type { HPAScalingRules } from "#api/schema/types";
import type { PodGroups } from "#control-plane/controllers/horizontal-pod-autoscaler/readiness";
import type { Computed } from "#control-plane/controllers/horizontal-pod-autoscaler/usage";

/** The number of replicas at which a metric would be at its target. */
export interface Proposed {
  readonly replicas: number;
  readonly usage: Usage;
}

export interface Usage {
  /** Of the target: 1 is exactly at it. */
  readonly ratio: number;
  readonly averageMillis: number;
  readonly percent?: number;
}

export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** --horizontal-pod-autoscaler-tolerance */
const TOLERANCE = 0.1;

export function tolerancesOf(
  behavior: { scaleUp?: HPAScalingRules | undefined; scaleDown?: HPAScalingRules | undefined } = {},
): Tolerances {
  const toleranceOf = (rules: HPAScalingRules | undefined): number =>
    rules?.tolerance === undefined
      ? TOLERANCE
      : quantityToMillis(parseQuantity(rules.tolerance)) / 1000;
  return { up: toleranceOf(behavior.scaleUp), down: toleranceOf(behavior.scaleDown) };
}

export interface ProposalOptions {
  readonly groups: PodGroups;
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  measure(values: ReadonlyMap<string, number>): Computed<Usage>;
  /** What a pod without figures is taken to use when that speaks against scaling down, in thousandths. */
  assumedOf(podName: string): number;
}

/**
 * Pods that say nothing are taken to speak against the change: those without figures use nothing before scaling up
 * and their share before scaling down; those that are not ready use nothing before scaling up. Where that turns the
 * direction, nothing changes.
 */
export function propose(options: ProposalOptions): Computed<Proposed> {
  const { groups, currentReplicas, tolerances, measure } = options;
  if (groups.counted.size === 0) {
    return { problem: "did not receive metrics for targeted pods (pods might be unready)" };
  }
  const measured = measure(groups.counted);
  if ("problem" in measured) return measured;
  const usage = measured.value;
  const stay = { value: { replicas: currentReplicas, usage } };
  const values = withSilent(options, usage.ratio);
  const again = values.size === groups.counted.size ? measured : measure(values);
  if ("problem" in again) return again;
  const { ratio } = again.value;
  if (isWithin(ratio, tolerances) || (usage.ratio - 1) * (ratio - 1) < 0) return stay;
  const replicas = Math.ceil(ratio * values.size);
  const isReversed =
    values !== groups.counted &&
    (ratio < 1 ? replicas > currentReplicas : replicas < currentReplicas);
  return isReversed ? stay : { value: { replicas, usage } };
}

function withSilent(
  { groups, assumedOf }: ProposalOptions,
  ratio: number,
): ReadonlyMap<string, number> {
  const { counted, missing, unready } = groups;
  const isUp = ratio > 1;
  const silent = isUp ? [...missing, ...unready] : ratio < 1 ? missing : [];
  if (silent.length === 0) return counted;
  return new Map([
    ...counted,
    ...silent.map((name): [string, number] => [name, isUp ? 0 : assumedOf(name)]),
  ]);
}

export function isWithin(ratio: number, { up, down }: Tolerances): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

type Yardstick = Pick<ProposalOptions, "measure" | "assumedOf">;

/** Of what the pods request together. */
export function byUtilization(
  requests: Computed<ReadonlyMap<string, number>>,
  targetPercent: number,
): Yardstick {
  const requestOf = (name: string): number =>
    "problem" in requests ? 0 : (requests.value.get(name) ?? 0);
  return {
    measure(values) {
      if ("problem" in requests) return requests;
      let used = 0;
      let requested = 0;
      for (const [name, millis] of values) {
        used += millis;
        requested += requestOf(name);
      }
      if (requested === 0) return { problem: "no metrics returned matched known pods" };
      const percent = Math.trunc((used * 100) / requested);
      const averageMillis = Math.trunc(used / values.size);
      return { value: { ratio: percent / targetPercent, percent, averageMillis } };
    },
    // At least all that it requests, and no less than would be right.
    assumedOf: (name) => (requestOf(name) * Math.max(100, targetPercent)) / 100,
  };
}

/** Of an amount for each pod. */
export function byAverage(targetMillis: number): Yardstick {
  return {
    measure(values) {
      let used = 0;
      for (const millis of values.values()) used += millis;
      const averageMillis = Math.trunc(used / values.size);
      return { value: { ratio: averageMillis / targetMillis, averageMillis } };
    },
    assumedOf: () => targetMillis,
  };
}
