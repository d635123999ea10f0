import type { NodeStatus } from "#api/schema/types";
import type { Image } from "#runtime/runtime";

/** As Kubernetes: of what registries have the largest only, so that the Node stays small. */
const maxImages = 50;
const maxNamesPerImage = 5;
/** Those that no registry has: other nodes find them by this list. */
const maxLocalImages = 500;
const maxNamesPerLocalImage = 20;

/**
 * Node.status.images; pure. What was built or imported here comes first, with its id, by which the control plane knows
 * it and sees whether two nodes have the same (control-plane/nodes/offered-images.ts).
 */
export function listedImages(images: readonly Image[]): NonNullable<NodeStatus["images"]> {
  const bySize = images.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  const local = bySize.filter(isLocal).slice(0, maxLocalImages);
  const others = bySize.filter((image) => !isLocal(image));
  return [
    ...local.map(({ id, references, sizeBytes }) => ({
      names: [id, ...references.slice(0, maxNamesPerLocalImage)],
      sizeBytes,
    })),
    ...others.slice(0, Math.max(0, maxImages - local.length)).map((image) => ({
      names: [...image.repoDigests, ...image.references].slice(0, maxNamesPerImage),
      sizeBytes: image.sizeBytes,
    })),
  ];
}

function isLocal({ references, repoDigests }: Image): boolean {
  return references.length > 0 && repoDigests.length === 0;
}
