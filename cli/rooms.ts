/**
 * The command line's only door to the rooms that are not its own (it is a composition root). Each is
 * imported when a command needs it, so that `kaji version` does not load a control plane.
 */
export const rooms = {
  server: () => import("#control-plane/main"),
  metricRules: () => import("#control-plane/metrics/rules"),
  backupReader: () => import("#control-plane/store/backup/read-backup"),
  backupOfStore: () => import("#control-plane/store/backup/backup-store"),
  restoreServer: () => import("#control-plane/store/backup/restore-server"),
  agent: () => import("#node-agent/main"),
  nodeConfig: () => import("#node-agent/node/node-config"),
  evictionThresholds: () => import("#node-agent/eviction/thresholds"),
  nodeShutdown: () => import("#node-agent/node/shutdown-request"),
  hostFacts: () => import("#node-agent/node/host-facts"),
  ingress: () => import("#ingress/main"),
  nginxAdmin: () => import("#ingress/nginx/admin"),
  nginxProcess: () => import("#ingress/nginx/process"),
  imageStore: () => import("#runtime/images/image-store"),
  imagePlatform: () => import("#runtime/images/platform"),
  imageReference: () => import("#runtime/images/reference"),
  embeddedRuntime: () => import("#runtime/embedded"),
  containerRecords: () => import("#runtime/embedded/records"),
  containerExits: () => import("#runtime/embedded/exits"),
  cgroups: () => import("#runtime/cgroups/detect"),
};

export type { NodeConfig } from "#node-agent/node/node-config";
export type { Trust } from "#node-agent/node/cluster-ca";
export type { BuildProgress, RunCommand } from "#runtime/images/build/build";
export type { ImageStore } from "#runtime/images/image-store";
export type { PushProgress } from "#runtime/images/push";
export type { Image, PullProgress, RegistryAuth } from "#runtime/runtime";
