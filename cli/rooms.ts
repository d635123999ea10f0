/**
 * The command line's only door to the rooms that are not its own (it is a composition root). Each is
 * imported when a command needs it, so that `kaji version` does not load a control plane.
 */
export const rooms = {
  server: () => import("#control-plane/main"),
  agent: () => import("#node-agent/main"),
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

export type { BuildProgress, RunCommand } from "#runtime/images/build/build";
export type { ImageStore } from "#runtime/images/image-store";
export type { PushProgress } from "#runtime/images/push";
export type { Image, PullProgress, RegistryAuth } from "#runtime/runtime";
