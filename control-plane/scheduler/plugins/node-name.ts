import type { Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = "node(s) didn't match the requested node name";

/** A pod that names its node goes there or nowhere. */
export const nodeName: Plugin = {
  name: "NodeName",
  prepare: ({ pod }) => pod.spec.nodeName || undefined,
  filter: (wanted, _pod, node) => (wanted === node.name ? undefined : REFUSAL),
  retryOn: ["nodeAdded"],
};
