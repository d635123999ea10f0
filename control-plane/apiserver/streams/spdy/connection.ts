import type { Duplex } from "node:stream";
import { FlowQueue } from "#control-plane/apiserver/streams/flow-queue";
import {
  encodeFrame,
  FrameReader,
  maxDataBytes,
  rstStatus,
  type SpdyFrame,
} from "#control-plane/apiserver/streams/spdy/frames";
import {
  HeaderReader,
  type SpdyHeaders,
  HeaderWriter,
} from "#control-plane/apiserver/streams/spdy/header-block";
import { FlowWindows } from "#control-plane/apiserver/streams/spdy/windows";

export interface SpdyStream {
  readonly id: number;
  readonly headers: SpdyHeaders;
  /** From the peer, to its FIN; throws when the stream is reset or the connection breaks. One consumer. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more. Throws when the stream is over. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends FIN. */
  end(): void;
  reset(): void;
}

/** Streams of one connection at a time; kubectl port-forward opens two per TCP connection. */
const maxStreams = 512;
/** Bytes kept per stream for a reader that is slow; then the whole connection waits, as in spdystream. */
const maxBufferedBytes = 256 << 10;
/** Unsent bytes above which a peer that makes us answer but does not read is cut off. */
const maxUnsentBytes = 32 << 20;

interface OpenStream {
  readonly inbound: FlowQueue<Uint8Array>;
  isInboundOver: boolean;
  isOutboundOver: boolean;
}

/**
 * The server's side of one SPDY/3.1 connection: kubectl's transport for exec, attach and port-forward.
 *
 * Invariants: frames are handled one by one, in order; data is sent only on streams that were answered with
 * SYN_REPLY (spdystream drops it otherwise); a stream is known until both sides have ended it.
 */
export class SpdyConnection {
  private readonly streams = new Map<number, OpenStream>();
  private readonly headerReader = new HeaderReader();
  private readonly headerWriter = new HeaderWriter();
  private readonly windows: FlowWindows;
  private readonly socket: Duplex;
  private isClosed = false;
  private lastStreamId = 0;

  constructor(socket: Duplex) {
    this.socket = socket;
    // `serve` reads the error; one that comes after its end has nobody to tell.
    socket.on("error", () => undefined);
    this.windows = new FlowWindows((streamId, delta) =>
      this.send({ type: "windowUpdate", streamId, delta }),
    );
  }

  /** Serves until the peer is gone. Resolves at the end of the connection, however it ended. */
  async serve(onStream: (stream: SpdyStream) => void): Promise<void> {
    let failure: Error | undefined;
    try {
      const reader = new FrameReader();
      for await (const chunk of this.socket as AsyncIterable<Buffer>) {
        for (const frame of reader.read(chunk)) {
          await this.receive(frame, onStream);
          if (this.isClosed) return;
        }
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.shutDown(failure);
    }
  }

  /** Says GOAWAY and closes once what was written has left. */
  close(): void {
    if (this.isClosed) return;
    this.send({ type: "goAway", lastStreamId: this.lastStreamId, status: 0 });
    this.socket.end();
    this.shutDown(undefined);
  }

  private shutDown(failure: Error | undefined): void {
    this.isClosed = true;
    const why = failure ?? new Error("the connection is closed");
    for (const stream of this.streams.values()) {
      stream.isOutboundOver = true;
      if (!stream.isInboundOver) stream.inbound.close(why);
    }
    this.streams.clear();
    this.windows.close();
    this.headerReader.close();
    if (failure) this.socket.destroy();
    else this.socket.end();
  }

  private async receive(frame: SpdyFrame, onStream: (stream: SpdyStream) => void): Promise<void> {
    switch (frame.type) {
      case "synStream": {
        const headers = await this.headerReader.read(frame.block);
        return this.open(frame.streamId, headers, frame.isFin, onStream);
      }
      case "headers":
      case "synReply":
        // Nothing here depends on them, but the zlib stream goes on through them.
        await this.headerReader.read(frame.block);
        return frame.isFin ? this.endInbound(frame.streamId) : undefined;
      case "data":
        return this.receiveData(frame.streamId, frame.bytes, frame.isFin);
      case "rstStream":
        return this.forget(frame.streamId, new Error("the stream was reset by the peer"));
      case "ping":
        // Odd ids are the peer's own: an answer is expected.
        if (frame.id % 2 === 1) this.send({ type: "ping", id: frame.id });
        return;
      case "settings":
        return this.windows.receiveSettings(frame.entries);
      case "windowUpdate":
        return this.windows.receiveUpdate(frame.streamId, frame.delta);
      case "goAway":
      case "unknown":
        return;
    }
  }

  private open(
    id: number,
    headers: SpdyHeaders,
    isFin: boolean,
    onStream: (stream: SpdyStream) => void,
  ): void {
    if (id % 2 === 0 || id <= this.lastStreamId) {
      throw new Error(`SPDY stream id ${id} is out of order`);
    }
    this.lastStreamId = id;
    if (this.streams.size >= maxStreams) {
      return this.send({ type: "rstStream", streamId: id, status: rstStatus.refusedStream });
    }
    const inbound = new FlowQueue<Uint8Array>(maxBufferedBytes, (size) =>
      this.windows.consumed(id, size),
    );
    this.streams.set(id, { inbound, isInboundOver: false, isOutboundOver: false });
    this.windows.open(id);
    const block = this.headerWriter.write(new Map());
    this.send({ type: "synReply", streamId: id, isFin: false, block });
    if (isFin) this.endInbound(id);
    onStream({
      id,
      headers,
      chunks: inbound,
      write: (bytes) => this.write(id, bytes),
      end: () => this.endOutbound(id),
      reset: () => {
        if (!this.streams.has(id)) return;
        this.send({ type: "rstStream", streamId: id, status: rstStatus.cancel });
        this.forget(id, new Error("the stream was reset"));
      },
    });
  }

  private async receiveData(id: number, bytes: Uint8Array, isFin: boolean): Promise<void> {
    const stream = this.streams.get(id);
    if (stream && !stream.isInboundOver && bytes.length > 0) {
      stream.inbound.push(bytes, bytes.length);
      await stream.inbound.room();
    } else {
      this.windows.consumed(id, bytes.length);
    }
    if (isFin) this.endInbound(id);
  }

  private async write(id: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const granted = await this.windows.take(id, Math.min(maxDataBytes, bytes.length - at));
      const stream = this.streams.get(id);
      if (this.isClosed || !stream || stream.isOutboundOver) {
        throw new Error("write to a SPDY stream that is over");
      }
      const part = bytes.subarray(at, at + granted);
      await this.sendAndDrain({ type: "data", streamId: id, isFin: false, bytes: part });
      at += granted;
    }
  }

  private endOutbound(id: number): void {
    const stream = this.streams.get(id);
    if (!stream || stream.isOutboundOver) return;
    stream.isOutboundOver = true;
    this.send({ type: "data", streamId: id, isFin: true, bytes: new Uint8Array() });
    this.forgetIfOver(id, stream);
  }

  private endInbound(id: number): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    stream.isInboundOver = true;
    stream.inbound.close();
    this.forgetIfOver(id, stream);
  }

  private forgetIfOver(id: number, stream: OpenStream): void {
    if (!stream.isInboundOver || !stream.isOutboundOver) return;
    this.streams.delete(id);
    this.windows.forget(id);
  }

  private forget(id: number, failure: Error): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    stream.inbound.close(failure);
    this.streams.delete(id);
    this.windows.forget(id);
  }

  private send(frame: Parameters<typeof encodeFrame>[0]): void {
    if (this.isClosed || !this.socket.writable) return;
    if (this.socket.writableLength > maxUnsentBytes) {
      this.socket.destroy(new Error("the peer does not read"));
      return;
    }
    this.socket.write(encodeFrame(frame));
  }

  private async sendAndDrain(frame: Parameters<typeof encodeFrame>[0]): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.write(encodeFrame(frame), (error) => (error ? reject(error) : resolve()));
    });
  }
}
