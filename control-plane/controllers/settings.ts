/** What an administrator may set for the controllers; the names are those of Kubernetes' flags. */
export interface ControllerSettings {
  /** How long a node may be silent before it is lost (--node-monitor-grace-period). */
  readonly nodeMonitorGraceMs: number;
  /** As long for a node that has not said anything yet (--node-startup-grace-period). */
  readonly nodeStartupGraceMs: number;
  /** Nodes per second and zone whose pods are given up (--node-eviction-rate). */
  readonly nodeEvictionRate: number;
  /** The same while most of a large zone is not ready (--secondary-node-eviction-rate). */
  readonly secondaryNodeEvictionRate: number;
  /** The share of nodes not ready from which a zone counts as disturbed (--unhealthy-zone-threshold). */
  readonly unhealthyZoneThreshold: number;
  /** A zone with more nodes is large (--large-cluster-size-threshold). */
  readonly largeClusterSizeThreshold: number;
  /** Ended pods that are kept, cluster-wide (--terminated-pod-gc-threshold). */
  readonly terminatedPodGcThreshold: number;
}

export const DEFAULT_SETTINGS: ControllerSettings = {
  nodeMonitorGraceMs: 40_000,
  nodeStartupGraceMs: 60_000,
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  unhealthyZoneThreshold: 0.55,
  largeClusterSizeThreshold: 50,
  terminatedPodGcThreshold: 12_500,
};
