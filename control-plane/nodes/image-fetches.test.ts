import { Writable } from "node:stream";
import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { errors } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { NodeStream, StreamChunk } from "#control-plane/apiserver/node-streams";
import { chooseHolders, type ImageCall, ImageFetches } from "#control-plane/nodes/image-fetches";
import { silentLog } from "#kit/log";
import { type ImageChunk, ImageOfferCodec } from "#proto/agent";
import { createVirtualClock } from "#test/support/virtual-clock";

const stallMs = 30_000;

/** Of a node that offers, sends what it is told to, and says whether it was cancelled. */
function giver(namedAtMs: number, ...answers: StreamChunk[]) {
  let stop: (error: Error) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  const offer = ImageOfferCodec.encode({ digest: "d", sizeBytes: 1, namedAtMs }).finish();
  const stream = {
    isCancelled: false,
    chunks: (async function* (): AsyncGenerator<StreamChunk> {
      yield { type: "data", channel: 2, bytes: offer };
      yield* answers;
      await stopped;
    })(),
    send: async () => undefined,
    cancel() {
      stream.isCancelled = true;
      stop(new Error("cancelled"));
    },
  };
  return stream;
}

/** The receiving end of a FetchImage call. */
class Receiver extends Writable {
  readonly request = { reference: "web:1", platform: "linux/amd64" };
  readonly cancelled = false;
  readonly got: ImageChunk[] = [];
  failure: { code?: status; details?: string } | undefined;
  private readonly takes: boolean;
  constructor(takes = true) {
    super({ objectMode: true, highWaterMark: 2 });
    this.takes = takes;
    this.on("error", (error: Error & { code?: status; details?: string }) => {
      this.failure = error;
      this.end();
    });
  }
  override _write(chunk: ImageChunk, _encoding: string, done: () => void): void {
    this.got.push(chunk);
    if (this.takes) done();
  }
}

function open(streams: Readonly<Record<string, NodeStream>>) {
  const clock = createVirtualClock();
  const metadata = { name: "p", namespace: "default" };
  const pod = { metadata, spec: { containers: [{ name: "c", image: "web:1" }] } } as Pod;
  const fetches = new ImageFetches({
    offered: { holdersOf: () => Object.keys(streams).map((name) => [name]) },
    assignments: { podsOf: () => [pod] },
    async open(nodeName) {
      const stream = streams[nodeName];
      if (!stream) throw errors.unavailable("not connected");
      return stream;
    },
    clock,
    log: silentLog,
  });
  const serve = (receiver: Receiver) => fetches.serve("n0", receiver as unknown as ImageCall);
  return { clock, serve };
}

const bytes = (text: string): StreamChunk => ({
  type: "data",
  channel: 1,
  bytes: Buffer.from(text),
});
const success: StreamChunk = { type: "status", status: { status: "Success" } };

test("the newest is passed on whole, and the others are told that nobody wants theirs", async () => {
  const old = giver(1, bytes("old"), success);
  const newest = giver(2, bytes("a"), bytes("b"), success);
  const receiver = new Receiver();
  await open({ old, newest }).serve(receiver);
  expect(receiver.failure).toBeUndefined();
  expect(receiver.got[0]?.offer).toMatchObject({ nodeName: "newest", digest: "d" });
  expect(receiver.got.slice(1).map((chunk) => String(chunk.bytes))).toEqual(["a", "b"]);
  expect(old.isCancelled).toBe(true);
});

test("a failure of the giver is the receiver's", async () => {
  const failing = giver(1, { type: "status", status: { status: "Failure", message: "no disk" } });
  const receiver = new Receiver();
  await open({ failing }).serve(receiver);
  expect(receiver.failure).toMatchObject({
    code: status.ABORTED,
    details: "node failing could not go on: no disk",
  });
});

test.each([
  ["sends", new Receiver(), giver(1, bytes("a"))],
  ["takes", new Receiver(false), giver(1, bytes("a"), bytes("b"), bytes("c"))],
])("when nobody %s anything for too long, both ends are let go", async (_, receiver, stream) => {
  const { clock, serve } = open({ stream });
  const serving = serve(receiver);
  await clock.advance(stallMs + 1);
  await serving;
  expect(receiver.failure?.details).toContain("30 s");
  expect(stream.isCancelled).toBe(true);
});

test("a node gets so many at a time and no more, and again when they have ended", async () => {
  const streams: ReturnType<typeof giver>[] = [];
  const { clock, serve } = open({
    get n1() {
      const stream = giver(1);
      streams.push(stream);
      return stream;
    },
  });
  const running = Array.from({ length: 16 }, () => serve(new Receiver()));
  const refused = new Receiver();
  await serve(refused);
  expect(refused.failure).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: "node n0 is fetching 16 images already",
  });
  await clock.advance(stallMs + 1);
  await Promise.all(running);
  expect(streams.every(({ isCancelled }) => isCancelled)).toBe(true);
  const receiver = new Receiver();
  const again = serve(receiver);
  await clock.advance(stallMs + 1);
  await again;
  expect(receiver.failure?.code).toBe(status.ABORTED);
});

test("a few holders of each image are asked, and never the one who asks", () => {
  const holders = [["n0", "n1", "n2", "n3", "n4"], ["n5"], ["n0"]];
  expect(chooseHolders(holders, "n0")).toEqual(["n1", "n2", "n3", "n5"]);
});
