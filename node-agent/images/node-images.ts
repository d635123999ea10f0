import { createTurns } from "#kit/turns";
import type { FetchedImage, ImageStreamRequest } from "#node-agent/session/types";
import type { Image, ImageService } from "#runtime/runtime";

/** Where an image was found; "here": this node had it. */
export type ImageSource = "here" | "registry" | { readonly nodeName: string };

export interface FoundImage {
  readonly image: Image;
  readonly from: ImageSource;
}

/** Images that were built or imported on a node of the cluster, this one or another. */
export interface NodeImages {
  /** The newest under that name, brought here; undefined: no node has one, it is for a registry. */
  find(reference: string): Promise<FoundImage | undefined>;
}

export interface NodeImagesOptions {
  readonly images: ImageService;
  /** Asks the control plane (NodeSession.fetchImage). */
  fetch(request: ImageStreamRequest): Promise<FetchedImage | undefined>;
}

/** Images that come to this node at a time; the others wait. */
const maxFetched = 3;

export function createNodeImages({ images, fetch }: NodeImagesOptions): NodeImages {
  const { transfer } = images;
  const turns = createTurns(maxFetched);
  if (!transfer) return { find: async () => undefined };
  const { platform } = transfer;

  const ownImage = async (reference: string): Promise<FoundImage | undefined> => {
    const own = await transfer.offer(reference, platform);
    const image = own && (await images.status(reference));
    return image && { image, from: "here" };
  };
  const isOffered = async (reference: string): Promise<boolean> => {
    const fetched = await fetch({ reference, platform });
    fetched?.cancel();
    return fetched !== undefined;
  };
  const bring = async (reference: string): Promise<FoundImage | undefined> => {
    const fetched = await fetch({ reference, platform });
    try {
      const own = await transfer.offer(reference, platform);
      const isOwnNewest =
        own && (!fetched || own.digest === fetched.offer.digest || isNewer(own, fetched.offer));
      if (isOwnNewest) return await ownImage(reference);
      if (!fetched) return undefined;
      const { archive, nodeName, offer } = fetched;
      const image = await transfer.receive(reference, offer, archive);
      return { image, from: { nodeName } };
    } finally {
      fetched?.cancel();
    }
  };
  return {
    async find(reference) {
      // What a registry has does not wait for what other nodes send.
      const waits = turns.isFree() || (await isOffered(reference));
      return waits ? turns.run(() => bring(reference)) : ownImage(reference);
    },
  };
}

type Named = { readonly namedAtMs: number };

function isNewer(own: Named, other: Named): boolean {
  return own.namedAtMs >= other.namedAtMs;
}
