import type { Plugin } from "#control-plane/scheduler/framework";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { createNodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { mostAllocated } from "#control-plane/scheduler/plugins/scoring-strategy";
import type { Profile } from "#control-plane/scheduler/profile";

/** What balances or spreads by itself would work against packing: those plugins still filter, and score nothing. */
const SPREADING = new Set(["NodeResourcesBalancedAllocation", "PodTopologySpread"]);

/**
 * Ways of scheduling beside the default one, which spreads. A pod chooses by spec.schedulerName; the same
 * scheduler serves all, on one snapshot.
 */
export const profiles: readonly Profile[] = [
  { name: "kaji-bin-packing", plugins: instead(createNodeResourcesFit(mostAllocated)) },
];

function instead(packing: Plugin): Plugin[] {
  return plugins.map((plugin) => {
    if (plugin.name === packing.name) return packing;
    return SPREADING.has(plugin.name) ? withoutScore(plugin) : plugin;
  });
}

function withoutScore(plugin: Plugin): Plugin {
  const { score: _, prepareScore: __, normalize: ___, ...rest } = plugin;
  return rest;
}
