import {
  type Client,
  type ClientReadableStream,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import type { Clock } from "#kit/clock";
import { watchProgress } from "#kit/progress-watch";
import type { FetchedImage, ImageStreamRequest } from "#node-agent/session/types";
import type { ImageChunk } from "#proto/agent";
import { nodeGatewayService } from "#proto/node-gateway";
import type { ImageOffer } from "#runtime/runtime";

type Call = ClientReadableStream<ImageChunk>;

/** A little more than the server waits for the node that gives. */
const stallMs = 45_000;

/** No node has it: the registry may. An older server knows of no such thing. */
const nowhere: readonly status[] = [status.NOT_FOUND, status.UNIMPLEMENTED];

/** Asks the server for an image; undefined: no node offers it. */
export async function fetchImage(
  client: Client,
  request: ImageStreamRequest,
  clock: Clock,
): Promise<FetchedImage | undefined> {
  const { path, requestSerialize, responseDeserialize } = nodeGatewayService.fetchImage;
  const call: Call = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    new Metadata(),
    {},
  );
  const chunks = chunksOf(call, clock);
  try {
    const { value: first } = await chunks.next();
    const offer = first?.offer;
    if (!offer) throw new Error("the server began with something else than an offer");
    const { nodeName = "", digest = "", sizeBytes = 0, namedAtMs = 0 } = offer;
    const promised: ImageOffer = { digest, sizeBytes, namedAtMs };
    return { nodeName, offer: promised, archive: bytesOf(chunks), cancel: () => call.cancel() };
  } catch (error) {
    call.cancel();
    const { code, details } = error as Partial<ServiceError>;
    if (code === undefined) throw error;
    if (nowhere.includes(code)) return undefined;
    throw new Error(details, { cause: error });
  }
}

/** Throws when the call breaks, or when nothing comes for too long. */
async function* chunksOf(call: Call, clock: Clock): AsyncGenerator<ImageChunk, undefined> {
  let hasStalled = false;
  // It also counts while the reader is busy: a disk that takes nothing for so long is as bad.
  const watch = watchProgress(clock, stallMs, () => {
    hasStalled = true;
    call.cancel();
  });
  // Whoever reads gets the error; without a listener it would end the process.
  call.on("error", () => watch.stop());
  try {
    for await (const chunk of call as AsyncIterable<ImageChunk>) {
      watch.moved();
      yield chunk;
    }
  } catch (error) {
    if (!hasStalled) throw error;
    throw new Error(`the image has not come on for ${stallMs / 1000} s`, { cause: error });
  } finally {
    watch.stop();
  }
  return undefined;
}

async function* bytesOf(chunks: AsyncGenerator<ImageChunk, undefined>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) if (bytes && bytes.length > 0) yield bytes;
}
