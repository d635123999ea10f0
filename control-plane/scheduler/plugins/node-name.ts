import { finalRefusal, type Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = finalRefusal("node(s) didn't match the requested node name");

/** A pod that names its node goes there or nowhere. */
export const nodeName: Plugin = {
  name: "NodeName",
  isLocal: true,
  prepare: ({ pod }) => pod.spec.nodeName || undefined,
  filter: (wanted, _pod, node) => (wanted === node.name ? undefined : REFUSAL),
  retryOn: { nodeAdded: ({ node }, { pod }) => pod.spec.nodeName === node.metadata.name },
};
