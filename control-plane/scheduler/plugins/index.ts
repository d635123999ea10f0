import type { Plugin } from "#control-plane/scheduler/framework";
import { leastAllocated } from "#control-plane/scheduler/plugins/least-allocated";
import { nodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { nodeName } from "#control-plane/scheduler/plugins/node-name";
import { nodePorts } from "#control-plane/scheduler/plugins/node-ports";
import { nodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { nodeUnschedulable } from "#control-plane/scheduler/plugins/node-unschedulable";
import { taintToleration } from "#control-plane/scheduler/plugins/taint-toleration";

/** In the order of filtering: a node's first refusal is the one that users read. */
export const plugins: readonly Plugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  leastAllocated,
];
