import type { Plugin } from "#control-plane/scheduler/framework";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { createNodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import {
  leastAllocated,
  mostAllocated,
  requestedToCapacityRatio,
  type ScoringStrategy,
  type ShapePoint,
} from "#control-plane/scheduler/plugins/scoring-strategy";
import type { Profile } from "#control-plane/scheduler/profile";

/** A profile as configured; what is left out is as in the default profile. */
export interface ProfileConfig {
  /** What pods name in spec.schedulerName. */
  readonly schedulerName: string;
  /** How full nodes should get. */
  readonly scoring?:
    | { readonly type: "LeastAllocated" | "MostAllocated" }
    | { readonly type: "RequestedToCapacityRatio"; readonly shape: readonly ShapePoint[] };
  /** By plugin name. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Names of plugins that filter, and score nothing. */
  readonly unscored?: readonly string[];
  /** Names of plugins that have no say. */
  readonly disabled?: readonly string[];
  readonly percentageOfNodesToScore?: number;
}

/**
 * Fills node after node, so that whole nodes stay free for large pods or can be given back. What balances or
 * spreads by itself would work against it.
 */
export const binPacking: ProfileConfig = {
  schedulerName: "kaji-bin-packing",
  scoring: { type: "MostAllocated" },
  unscored: ["NodeResourcesBalancedAllocation", "PodTopologySpread"],
};

/** Throws an Error when the configuration names a plugin that there is not. */
export function profileFrom(config: ProfileConfig, base: readonly Plugin[] = plugins): Profile {
  const { schedulerName, scoring, weights = {}, percentageOfNodesToScore } = config;
  const { disabled = [], unscored = [] } = config;
  const known = new Set(base.map(({ name }) => name));
  const unknown = [...Object.keys(weights), ...disabled, ...unscored].filter(
    (name) => !known.has(name),
  );
  if (unknown.length > 0) {
    throw new Error(
      `scheduler profile ${schedulerName} names unknown plugins: ${unknown.join(", ")}`,
    );
  }
  const chosen = base
    .filter(({ name }) => !disabled.includes(name))
    .map((plugin) => {
      if (unscored.includes(plugin.name)) return withoutScore(plugin);
      const isFit = scoring !== undefined && plugin.name === "NodeResourcesFit";
      const own = isFit ? createNodeResourcesFit(strategyOf(scoring)) : plugin;
      const weight = weights[plugin.name];
      return weight === undefined ? own : { ...own, weight };
    });
  return {
    name: schedulerName,
    plugins: chosen,
    ...(percentageOfNodesToScore === undefined ? {} : { percentageOfNodesToScore }),
  };
}

function withoutScore(plugin: Plugin): Plugin {
  const { score: _, prepareScore: __, normalize: ___, ...rest } = plugin;
  return rest;
}

function strategyOf(scoring: NonNullable<ProfileConfig["scoring"]>): ScoringStrategy {
  switch (scoring.type) {
    case "LeastAllocated":
      return leastAllocated;
    case "MostAllocated":
      return mostAllocated;
    case "RequestedToCapacityRatio":
      return requestedToCapacityRatio(scoring.shape);
  }
}

/**
 * Ways of scheduling beside the default one, which spreads. A pod chooses by spec.schedulerName; the same
 * scheduler serves all, on one snapshot.
 */
export const profiles: readonly Profile[] = [profileFrom(binPacking)];
