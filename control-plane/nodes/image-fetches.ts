import { isPodTerminal } from "#api/kinds/pod-status";
import { once } from "node:events";
import { type ServerWritableStream, status } from "@grpc/grpc-js";
import { StatusError } from "#api/machinery/status-error";
import type { Pod, Status } from "#api/schema/types";
import type { NodeStream, StreamChunk } from "#control-plane/apiserver/node-streams";
import type { Assignments } from "#control-plane/nodes/assignments";
import type { OfferedImages } from "#control-plane/nodes/offered-images";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import { watchProgress } from "#kit/progress-watch";
import {
  type ImageChunk,
  type ImageOffer,
  ImageOfferCodec,
  type ImageRequest,
  type OpenStream,
} from "#proto/agent";

export type ImageCall = ServerWritableStream<ImageRequest, ImageChunk>;

export interface ImageFetchesOptions {
  readonly offered: Pick<OfferedImages, "holdersOf">;
  readonly assignments: Pick<Assignments, "podsOf">;
  /** Of any node of the cluster, whichever server it is connected to. Throws StatusError. */
  open(nodeName: string, open: OpenStream): Promise<NodeStream>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one node may receive at a time, and what passes through this server. */
const maxFetchesPerNode = 16;
const maxFetches = 128;
/** Of those who have the same image; another one is asked for the case that one is gone or slow. */
const maxAskedPerImage = 3;
/** Different images under one name. */
const maxImagesPerName = 8;
/** No byte for so long, either way: the transfer is given up. */
const stallMs = 30_000;

/** Why a fetch is refused, as the gRPC code that the agent acts on: NOT_FOUND sends it to the registry. */
class FetchRefused extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

interface Given {
  readonly nodeName: string;
  readonly offer: ImageOffer;
  readonly stream: NodeStream;
  readonly chunks: AsyncIterator<StreamChunk>;
}

/**
 * Brings an image that no registry has from a node that has it to a node that needs it. The bytes pass through, no
 * faster than they are taken; what they are worth is for the receiver to check.
 *
 * Invariant: a node gets only images that a pod bound to it names.
 */
export class ImageFetches {
  private readonly options: ImageFetchesOptions;
  private readonly running = new Map<string, number>();
  private total = 0;

  constructor(options: ImageFetchesOptions) {
    this.options = options;
  }

  /** Never rejects: the call ends with what went wrong. */
  async serve(nodeName: string, call: ImageCall): Promise<void> {
    const { reference = "" } = call.request;
    try {
      this.requireAllowed(nodeName, reference);
      this.count(nodeName, 1);
      try {
        await this.fetch(nodeName, call);
      } finally {
        this.count(nodeName, -1);
      }
    } catch (error) {
      const details = errorChain(error);
      const code = error instanceof FetchRefused ? error.code : status.ABORTED;
      if (code !== status.NOT_FOUND && !call.cancelled) {
        this.options.log.warn("an image was not brought", { node: nodeName, reference, details });
      }
      if (!call.destroyed) call.emit("error", Object.assign(new Error(details), { code, details }));
    }
  }

  private requireAllowed(nodeName: string, reference: string): void {
    if (![...this.options.assignments.podsOf(nodeName)].some((pod) => names(pod, reference))) {
      const why = `no pod that is assigned to node ${nodeName} names the image "${reference}"`;
      throw new FetchRefused(status.PERMISSION_DENIED, why);
    }
    if ((this.running.get(nodeName) ?? 0) >= maxFetchesPerNode) {
      const why = `node ${nodeName} is fetching ${maxFetchesPerNode} images already`;
      throw new FetchRefused(status.RESOURCE_EXHAUSTED, why);
    }
    if (this.total >= maxFetches) {
      const why = `${maxFetches} images are on their way between nodes already`;
      throw new FetchRefused(status.RESOURCE_EXHAUSTED, why);
    }
  }

  private count(nodeName: string, change: 1 | -1): void {
    this.total += change;
    const next = (this.running.get(nodeName) ?? 0) + change;
    if (next > 0) this.running.set(nodeName, next);
    else this.running.delete(nodeName);
  }

  private async fetch(nodeName: string, call: ImageCall): Promise<void> {
    const { reference = "" } = call.request;
    const holders = this.options.offered.holdersOf(reference);
    const asked = chooseHolders(holders, nodeName);
    const answers = await Promise.all(asked.map((holder) => this.ask(holder, call.request)));
    const given = answers.filter((answer) => answer !== undefined);
    const [newest, ...others] = given.toSorted((a, b) => namedAtMs(b) - namedAtMs(a));
    for (const { stream } of others) stream.cancel();
    if (!newest) {
      const why = `no connected node has "${reference}" from elsewhere than a registry`;
      throw new FetchRefused(status.NOT_FOUND, why);
    }
    await this.pass(newest, call);
  }

  /** undefined: the node is not connected, or has no such image any more. */
  private async ask(nodeName: string, image: ImageRequest): Promise<Given | undefined> {
    let stream: NodeStream | undefined;
    try {
      stream = await this.options.open(nodeName, { request: "image", image });
      const chunks = stream.chunks[Symbol.asyncIterator]();
      const offer = await this.firstOffer(stream, chunks);
      return { nodeName, offer, stream, chunks };
    } catch (error) {
      stream?.cancel();
      if (!(error instanceof StatusError) || error.code !== 400) {
        const why = errorChain(error);
        this.options.log.debug("a node did not offer an image", { node: nodeName, why });
      }
      return undefined;
    }
  }

  private async firstOffer(
    stream: NodeStream,
    chunks: AsyncIterator<StreamChunk>,
  ): Promise<ImageOffer> {
    const watch = watchProgress(this.options.clock, stallMs, () => stream.cancel());
    try {
      const { value } = (await chunks.next()) as IteratorResult<StreamChunk, undefined>;
      if (value?.type === "data" && value.channel === 2) return ImageOfferCodec.decode(value.bytes);
      throw new Error("the node began the stream with something else than an offer");
    } finally {
      watch.stop();
    }
  }

  private async pass({ nodeName, offer, stream, chunks }: Given, call: ImageCall): Promise<void> {
    const stop = new AbortController();
    const watch = watchProgress(this.options.clock, stallMs, () =>
      stop.abort(
        new Error(`nothing came from node ${nodeName} or was taken for ${stallMs / 1000} s`),
      ),
    );
    const leave = (): void => stop.abort(new Error("the receiver has gone"));
    for (const event of ["cancelled", "close"]) call.once(event, leave);
    // What is being waited for ends with it.
    stop.signal.addEventListener("abort", () => stream.cancel(), { once: true });
    try {
      if (call.cancelled) leave();
      await write(call, { offer: { ...offer, nodeName } }, stop.signal);
      for await (const bytes of archiveOf(chunks, nodeName)) {
        watch.moved();
        await write(call, { bytes }, stop.signal);
        watch.moved();
      }
      call.end();
    } catch (error) {
      stop.signal.throwIfAborted();
      stream.cancel();
      throw error;
    } finally {
      watch.stop();
      for (const event of ["cancelled", "close"]) call.off(event, leave);
    }
  }
}

/** To the status that the node ends with; throws when that is a failure or does not come. */
async function* archiveOf(
  chunks: AsyncIterator<StreamChunk>,
  nodeName: string,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) throw new Error(`node ${nodeName} broke off`);
    if (value.type === "data") yield value.bytes;
    if (value.type !== "status") continue;
    await chunks.return?.();
    const { status: outcome, message } = value.status as Status;
    if (outcome === "Success") return;
    throw new Error(`node ${nodeName} could not go on: ${message ?? "it does not say why"}`);
  }
}

/** Pure: of each different image a few that have it, never the one who asks. */
export function chooseHolders(holders: readonly (readonly string[])[], asking: string): string[] {
  return holders
    .slice(0, maxImagesPerName)
    .flatMap((group) => group.filter((name) => name !== asking).slice(0, maxAskedPerImage));
}

function names(pod: Pod, reference: string): boolean {
  if (isPodTerminal(pod)) return false;
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  return all.some(({ image }) => image === reference);
}

function namedAtMs({ offer }: Given): number {
  return offer.namedAtMs ?? 0;
}

async function write(call: ImageCall, chunk: ImageChunk, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!call.write(chunk)) await once(call, "drain", { signal });
}
