/**
 * The command line's only door to the rooms that are not its own (it is a composition root). Each is
 * imported when a command needs it, so that `kaji version` does not load a control plane.
 */
export const rooms = {
  server: () => import("#control-plane/main"),
  agent: () => import("#node-agent/main"),
  ingress: () => import("#ingress/main"),
  images: () => import("#runtime/images/store"),
  build: () => import("#runtime/images/build/build-image"),
};
