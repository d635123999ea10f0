import type { ConfigMap } from "#api/schema/types";

/** Where the rebalancer is told what to do; without it, or without `enabled: "true"`, it does nothing. */
export const REBALANCER_CONFIG = { namespace: "kube-system", name: "kaji-rebalancer" } as const;

export interface RebalanceSettings {
  /** Percent of a node's cpu or memory that pods asked for: above it pods are moved away. */
  readonly highPercent: number;
  /** Below it on both, a node is a place to go. */
  readonly lowPercent: number;
  readonly evictionsPerMinute: number;
}

const defaults: RebalanceSettings = { highPercent: 80, lowPercent: 50, evictionsPerMinute: 5 };
const MAX_EVICTIONS_PER_MINUTE = 100;

/** undefined: off. A number that makes no sense counts as not given. */
export function rebalanceSettings({
  data = {},
}: Pick<ConfigMap, "data">): RebalanceSettings | undefined {
  if (data["enabled"] !== "true") return undefined;
  const number = (name: keyof RebalanceSettings, max: number): number => {
    const given = Number(data[name]);
    return Number.isInteger(given) && given > 0 && given <= max ? given : defaults[name];
  };
  const highPercent = number("highPercent", 100);
  return {
    highPercent,
    lowPercent: Math.min(number("lowPercent", 100), highPercent),
    evictionsPerMinute: number("evictionsPerMinute", MAX_EVICTIONS_PER_MINUTE),
  };
}
