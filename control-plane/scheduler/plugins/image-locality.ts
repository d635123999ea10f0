import type { Plugin } from "#control-plane/scheduler/framework";

const MEBIBYTE = 1024 * 1024;
/** Below this, fetching costs nothing worth speaking of; above that, per container, more is no better. */
const MIN_BYTES = 23 * MEBIBYTE;
const MAX_BYTES_PER_CONTAINER = 1000 * MEBIBYTE;

interface Wanted {
  /** Per image that some node has: its size by node index, and the share of nodes that have it. */
  readonly images: readonly {
    readonly sizes: ReadonlyMap<number, number>;
    readonly share: number;
  }[];
  readonly maxBytes: number;
}

/**
 * Prefers nodes that have the pod's images already. An image counts the less, the fewer nodes have it, so that
 * the first node with an image does not draw all pods to itself. Source: Kubernetes' ImageLocality.
 */
export const imageLocality: Plugin = {
  name: "ImageLocality",
  prepareScore(_prepared, { pod }, _nodes, { snapshot }): Wanted | undefined {
    const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const images = containers.flatMap(({ image }) => {
      const sizes = image === undefined ? undefined : snapshot.images.nodesWith(taggedName(image));
      return sizes ? [{ sizes, share: sizes.size / snapshot.size }] : [];
    });
    if (images.length === 0) return undefined;
    return { images, maxBytes: MAX_BYTES_PER_CONTAINER * containers.length };
  },
  score(prepared, _pod, { index }) {
    const { images, maxBytes } = prepared as Wanted;
    let bytes = 0;
    for (const { sizes, share } of images) bytes += Math.trunc((sizes.get(index) ?? 0) * share);
    const counted = Math.min(Math.max(bytes, MIN_BYTES), maxBytes);
    return Math.trunc((100 * (counted - MIN_BYTES)) / (maxBytes - MIN_BYTES));
  },
  weight: 1,
  retryOn: {},
};

/** "web" means "web:latest"; the colon of a registry's port is none of a tag. */
function taggedName(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
