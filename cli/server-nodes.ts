import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { durationFlag, numberFlag, wholeNumberFlag } from "#cli/flag-values";

/** How `kaji server` treats nodes that fall silent, in the words of Kubernetes' flags. */
export const nodeFlags: readonly Flag[] = [
  {
    name: "node-monitor-grace-period",
    value: "DURATION",
    description: "how long a node may be silent before it is lost",
    default: "40s",
  },
  {
    name: "default-unreachable-toleration-seconds",
    value: "SECONDS",
    description: "how long pods that do not say it themselves stay on a lost node",
    default: "0",
  },
  {
    name: "default-not-ready-toleration-seconds",
    value: "SECONDS",
    description: "how long they stay on a node that says it is not ready",
    default: "300",
  },
  {
    name: "node-eviction-rate",
    value: "NUMBER",
    description: "nodes per second and zone whose pods are given up",
    default: "0.1",
  },
  {
    name: "secondary-node-eviction-rate",
    value: "NUMBER",
    description: "the same while most nodes of a large zone are not ready",
    default: "0.01",
  },
  {
    name: "unhealthy-zone-threshold",
    value: "SHARE",
    description: "share of nodes not ready from which a zone counts as disturbed",
    default: "0.55",
  },
  {
    name: "large-cluster-size-threshold",
    value: "NODES",
    description: "a disturbed zone with no more nodes than this gives up no pods",
    default: "50",
  },
  {
    name: "terminated-pod-gc-threshold",
    value: "PODS",
    description: "ended pods that are kept, cluster-wide",
    default: "12500",
  },
];

/** As startServer takes them. */
export function nodeOptions(context: CommandContext) {
  const nodeMonitorGraceMs = durationFlag(context, "node-monitor-grace-period");
  if (nodeMonitorGraceMs < LEAST_GRACE_MS) {
    throw new CommandError("--node-monitor-grace-period is at least 1s: nodes speak now and then");
  }
  return {
    controllerSettings: {
      nodeMonitorGraceMs,
      nodeStartupGraceMs: Math.max(STARTUP_GRACE_MS, nodeMonitorGraceMs),
      nodeEvictionRate: numberFlag(context, "node-eviction-rate"),
      secondaryNodeEvictionRate: numberFlag(context, "secondary-node-eviction-rate"),
      unhealthyZoneThreshold: numberFlag(context, "unhealthy-zone-threshold"),
      largeClusterSizeThreshold: numberFlag(context, "large-cluster-size-threshold"),
      terminatedPodGcThreshold: wholeNumberFlag(context, "terminated-pod-gc-threshold"),
    },
    defaultTolerationSeconds: {
      unreachable: wholeNumberFlag(context, "default-unreachable-toleration-seconds"),
      notReady: wholeNumberFlag(context, "default-not-ready-toleration-seconds"),
    },
  };
}

const LEAST_GRACE_MS = 1_000;
const STARTUP_GRACE_MS = 60_000;
