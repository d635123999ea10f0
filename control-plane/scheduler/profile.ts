import type { Plugin } from "#control-plane/scheduler/framework";

/** One way of scheduling: pods name it by spec.schedulerName. */
export interface Profile {
  readonly name: string;
  /** In the order of filtering: a node's first refusal is the one that users read. */
  readonly plugins: readonly Plugin[];
  /** 1..100: how much of a large cluster is looked at before the best so far is taken. Default: by size. */
  readonly percentageOfNodesToScore?: number;
}

/** A plugin with its place among what was prepared for a pod. */
export interface Slot {
  readonly plugin: Plugin;
  readonly index: number;
}

/** A profile sorted by what a cycle does with its plugins. */
export interface CycleProfile extends Profile {
  readonly slots: readonly Slot[];
  readonly narrowers: readonly Slot[];
  readonly localFilters: readonly Slot[];
  readonly clusterFilters: readonly Slot[];
  /** Local scores that are added up as they are. */
  readonly plainScorers: readonly Slot[];
  /** Local scores that are only comparable within one cycle. */
  readonly normalizedScorers: readonly Slot[];
  readonly clusterScorers: readonly Slot[];
}

export function cycleProfile(profile: Profile): CycleProfile {
  const slots = profile.plugins.map((plugin, index) => ({ plugin, index }));
  const isLocal = ({ plugin }: Slot): boolean => plugin.isLocal === true;
  const filters = slots.filter(({ plugin }) => plugin.filter);
  const scorers = slots.filter(({ plugin }) => plugin.score);
  const isSimple = (slot: Slot): boolean => isLocal(slot) && !slot.plugin.prepareScore;
  return {
    ...profile,
    slots,
    narrowers: slots.filter(({ plugin }) => plugin.narrow),
    localFilters: filters.filter(isLocal),
    clusterFilters: filters.filter((slot) => !isLocal(slot)),
    plainScorers: scorers.filter((slot) => isSimple(slot) && !slot.plugin.normalize),
    normalizedScorers: scorers.filter((slot) => isSimple(slot) && slot.plugin.normalize),
    clusterScorers: scorers.filter((slot) => !isSimple(slot)),
  };
}

const WHOLE_BELOW = 100;
const LEAST_PERCENT = 5;

/**
 * How many nodes that can take the pod are enough to choose from: all of fewer than 100, half of 100, a tenth of
 * 5,000, and never less than a twentieth. Source: Kubernetes' scheduler, percentageOfNodesToScore.
 */
export function enoughNodes(total: number, percentage: number | undefined): number {
  if (total < WHOLE_BELOW || (percentage ?? 0) >= 100) return total;
  const percent = percentage ?? Math.max(LEAST_PERCENT, 50 - Math.floor(total / 125));
  return Math.max(WHOLE_BELOW, Math.floor((total * percent) / 100));
}
