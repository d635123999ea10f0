import { createTurns } from "#kit/turns";
import type { AgentStream, ImageStreamRequest } from "#node-agent/session/types";
import { success } from "#node-agent/streams/status";
import { ImageOfferCodec } from "#proto/agent";
import type { ImageService } from "#runtime/runtime";

/** Images that leave this node at a time; who comes later waits, with the offer in hand. */
const maxGiven = 4;

export type ServeImage = (request: ImageStreamRequest, stream: AgentStream) => Promise<void>;

/**
 * Gives an image of this node to another one: the offer on channel 2, then the archive on channel 1. Only what was
 * built or imported; throwing before the offer refuses. Memory is one chunk each: the stream says when more is wanted.
 */
export function createImageServer({ transfer }: ImageService): ServeImage {
  const turns = createTurns(maxGiven);
  return async ({ reference, platform }, stream) => {
    const offer = await transfer?.offer(reference, platform);
    if (!transfer || !offer) {
      throw new Error(`this node has no image "${reference}" for ${platform} of its own to give`);
    }
    const encoded = ImageOfferCodec.encode({ ...offer }).finish();
    await stream.send({ type: "data", channel: 2, bytes: encoded });
    await turns.run(async () => {
      for await (const bytes of transfer.archive(offer)) {
        stream.signal.throwIfAborted();
        await stream.send({ type: "data", channel: 1, bytes });
      }
      await stream.send({ type: "status", status: success });
    });
  };
}
