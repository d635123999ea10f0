import { fairShare } from "#control-plane/scheduler/fair-share/fair-share";
import type { Plugin } from "#control-plane/scheduler/framework";
import { gang } from "#control-plane/scheduler/gang/gang";
import { defaultPreemption } from "#control-plane/scheduler/plugins/default-preemption";
import { imageLocality } from "#control-plane/scheduler/plugins/image-locality";
import { interPodAffinity } from "#control-plane/scheduler/plugins/inter-pod-affinity";
import { nodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { nodeName } from "#control-plane/scheduler/plugins/node-name";
import { nodePorts } from "#control-plane/scheduler/plugins/node-ports";
import { nodeResourcesBalancedAllocation } from "#control-plane/scheduler/plugins/node-resources-balanced-allocation";
import { nodeResourcesFit } from "#control-plane/scheduler/plugins/node-resources-fit";
import { nodeUnschedulable } from "#control-plane/scheduler/plugins/node-unschedulable";
import { nodeVolumeLimits } from "#control-plane/scheduler/plugins/node-volume-limits";
import { podTopologySpread } from "#control-plane/scheduler/plugins/pod-topology-spread";
import { prioritySort } from "#control-plane/scheduler/plugins/priority-sort";
import { schedulingGates } from "#control-plane/scheduler/plugins/scheduling-gates";
import { taintToleration } from "#control-plane/scheduler/plugins/taint-toleration";
import { volumeBinding } from "#control-plane/scheduler/plugins/volume-binding";
import { volumeRestrictions } from "#control-plane/scheduler/plugins/volume-restrictions";
import { volumeZone } from "#control-plane/scheduler/plugins/volume-zone";

/** In the order of filtering: a node's first refusal is the one that users read. */
export const plugins: readonly Plugin[] = [
  schedulingGates,
  gang,
  fairShare,
  prioritySort,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  nodeResourcesBalancedAllocation,
  imageLocality,
  defaultPreemption,
];
