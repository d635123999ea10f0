import { PassThrough, Duplex } from "node:stream";
import { constants, createDeflate, type Deflate } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SpdyConnection, type SpdyStream } from "#control-plane/apiserver/streams/spdy/connection";
import { spdyDictionary } from "#control-plane/apiserver/streams/spdy/dictionary";
import {
  encodeFrame,
  FrameReader,
  initialWindowBytes,
  type SpdyFrame,
} from "#control-plane/apiserver/streams/spdy/frames";
import { HeaderReader, HeaderWriter } from "#control-plane/apiserver/streams/spdy/header-block";

type Sent = Exclude<SpdyFrame, { type: "unknown" }>;

const streamId = fc.integer({ min: 1, max: 0x7fffffff });
const block = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
const frame: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    type: fc.constant("data" as const),
    streamId,
    isFin: fc.boolean(),
    bytes: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ type: fc.constant("synStream" as const), streamId, isFin: fc.boolean(), block }),
  fc.record({ type: fc.constant("headers" as const), streamId, isFin: fc.boolean(), block }),
  fc.record({ type: fc.constant("ping" as const), id: fc.nat() }),
  fc.record({ type: fc.constant("windowUpdate" as const), streamId, delta: fc.nat(0x7fffffff) }),
  fc.record({ type: fc.constant("rstStream" as const), streamId, status: fc.nat(11) }),
);

describe("frames", () => {
  test("what was encoded is read again, however the bytes were cut", () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.integer({ min: 1, max: 64 }),
        (sent, step) => {
          const bytes = Buffer.concat(sent.map(encodeFrame));
          const reader = new FrameReader();
          const read: SpdyFrame[] = [];
          for (let at = 0; at < bytes.length; at += step) {
            read.push(...reader.read(bytes.subarray(at, at + step)));
          }
          expect(read).toEqual(sent);
        },
      ),
    );
  });

  test("a frame that claims too much ends the connection before it is stored", () => {
    const head = Buffer.from([0, 0, 0, 1, 0, 0xff, 0xff, 0xff]);
    expect(() => [...new FrameReader().read(head)]).toThrow("too large");
  });
});

describe("header blocks", () => {
  test("our own writer is read by our reader, block after block", async () => {
    const writer = new HeaderWriter();
    const reader = new HeaderReader();
    for (const value of ["a", "", "b".repeat(3000)]) {
      const headers = new Map([["streamtype", value]]);
      expect(await reader.read(writer.write(headers))).toEqual(headers);
    }
    reader.close();
  });

  test("garbage is refused", async () => {
    await expect(new HeaderReader().read(Buffer.from("not zlib at all"))).rejects.toThrow();
  });
});

/** A SPDY client that compresses as Go does, over a pair of pipes. */
class TestClient {
  readonly server: Duplex;
  readonly received: SpdyFrame[] = [];
  private readonly toServer = new PassThrough();
  private readonly deflate: Deflate = createDeflate({ dictionary: spdyDictionary });
  private readonly compressed: Buffer[] = [];

  constructor() {
    const fromServer = new PassThrough();
    this.server = Duplex.from({ readable: this.toServer, writable: fromServer });
    this.deflate.on("data", (bytes: Buffer) => this.compressed.push(bytes));
    const reader = new FrameReader();
    fromServer.on("data", (bytes: Buffer) => this.received.push(...reader.read(bytes)));
  }

  async open(streamId: number, headers: Record<string, string>): Promise<void> {
    this.compressed.length = 0;
    this.deflate.write(plainHeaders(headers));
    await new Promise<void>((resolve) => this.deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    const block = Buffer.concat(this.compressed);
    this.send({ type: "synStream", streamId, isFin: false, block });
  }

  send(sent: Sent): void {
    this.toServer.write(encodeFrame(sent));
  }

  end(): void {
    this.toServer.end();
  }

  bytesOf(id: number): number {
    return this.received.reduce(
      (sum, it) => sum + (it.type === "data" && it.streamId === id ? it.bytes.length : 0),
      0,
    );
  }
}

function plainHeaders(headers: Record<string, string>): Buffer {
  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const texts = Object.entries(headers).flat();
  const parts = texts.flatMap((text) => [word(text.length), Buffer.from(text)]);
  return Buffer.concat([word(texts.length / 2), ...parts]);
}

async function settle(isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isDone() && performance.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isDone()).toBe(true);
}

async function connected() {
  const client = new TestClient();
  const streams: SpdyStream[] = [];
  const served = new SpdyConnection(client.server).serve((stream) => streams.push(stream));
  await client.open(1, { streamtype: "data" });
  await settle(() => streams.length === 1);
  return { client, served, streams, stream: streams[0] as SpdyStream };
}

describe("a connection", () => {
  test("answers a stream and gives its headers, also those compressed against earlier ones", async () => {
    const { client, streams } = await connected();
    await client.open(3, { streamtype: "error", port: "80" });
    await settle(() => streams.length === 2);
    expect(streams[1]?.headers.get("port")).toBe("80");
    expect(client.received.map(({ type }) => type)).toEqual(["synReply", "synReply"]);
  });

  test("answers the peer's pings and not its own", async () => {
    const { client } = await connected();
    client.send({ type: "ping", id: 7 });
    client.send({ type: "ping", id: 8 });
    await settle(() => client.received.some(({ type }) => type === "ping"));
    expect(client.received.filter(({ type }) => type === "ping")).toEqual([
      { type: "ping", id: 7 },
    ]);
  });

  test("sends without limit to a peer that grants no credit, as kubectl does", async () => {
    const { client, stream } = await connected();
    await stream.write(Buffer.alloc(initialWindowBytes * 4));
    await settle(() => client.bytesOf(1) === initialWindowBytes * 4);
  });

  test("keeps the window of a peer that grants credit", async () => {
    const { client, stream } = await connected();
    client.send({ type: "settings", entries: [{ id: 7, value: 1000 }] });
    client.send({ type: "ping", id: 1 });
    await settle(() => client.received.some(({ type }) => type === "ping"));
    const writing = stream.write(Buffer.alloc(2500));
    await settle(() => client.bytesOf(1) === 1000);
    client.send({ type: "windowUpdate", streamId: 1, delta: 1500 });
    await writing;
    await settle(() => client.bytesOf(1) === 2500);
  });

  test("gives credit back for what was read", async () => {
    const { client, stream } = await connected();
    const bytes = Buffer.alloc(initialWindowBytes);
    client.send({ type: "data", streamId: 1, isFin: true, bytes });
    let read = 0;
    for await (const chunk of stream.chunks) read += chunk.length;
    expect(read).toBe(initialWindowBytes);
    const updates = client.received.filter(({ type }) => type === "windowUpdate");
    expect(updates.map((it) => ("streamId" in it ? it.streamId : -1)).toSorted()).toEqual([0, 1]);
  });

  test("readers and writers fail when the peer is gone, and serving ends", async () => {
    const { client, served, stream } = await connected();
    client.end();
    await served;
    await expect(stream.write(Buffer.from("x"))).rejects.toThrow();
    await expect(stream.chunks[Symbol.asyncIterator]().next()).rejects.toThrow("closed");
  });

  test("a stream id out of order ends the connection", async () => {
    const { client, served } = await connected();
    await client.open(2, {});
    await served;
  });
});
