import { type EventEmitter, once } from "node:events";
import { fromJson, type StreamFrame, toJson } from "#proto/agent";

/** One piece of an exec, attach, port-forward or log stream, as both ends of the protocol see it. */
export type FramedChunk =
  | { readonly type: "data"; readonly channel: 0 | 1 | 2; readonly bytes: Uint8Array }
  | { readonly type: "resize"; readonly width: number; readonly height: number }
  /** A metav1.Status: the last chunk from the node. */
  | { readonly type: "status"; readonly status: unknown }
  | { readonly type: "end"; readonly channel: 0 | 1 | 2 };

/** A frame never carries more: one slow reader then holds at most a few of these. */
export const maxFrameBytes = 32 << 10;

/**
 * A Stream call seen as chunks. The flow control is HTTP/2's own: `send` resolves when the peer has room, and
 * nothing is read from the call while nobody takes the chunks.
 */
export interface FramedStream {
  /** Ends when the peer has half-closed; throws when the call breaks. One consumer, which may stop early. */
  readonly chunks: AsyncIterable<FramedChunk>;
  send(chunk: FramedChunk): Promise<void>;
  /** Half-closes: nothing more is sent. */
  end(): void;
}

/** What the server's and the client's Stream calls have in common. */
export interface FrameCall extends EventEmitter {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<unknown>;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  write(frame: StreamFrame): boolean;
  end(): unknown;
}

/** `frames`: of a call whose first frames were taken already. */
export function framedStream(call: FrameCall, frames = framesOf(call)): FramedStream {
  return {
    chunks: chunksOf(frames),
    async send(chunk) {
      for (const frame of toFrames(chunk)) await write(call, frame);
    },
    end: () => void call.end(),
  };
}

/** What the peer sends, as it comes. */
export function framesOf(call: FrameCall): AsyncIterable<StreamFrame> {
  // A reader that stops early still wants to write: its status, for one.
  return call.iterator({ destroyOnReturn: false }) as AsyncIterable<StreamFrame>;
}

async function* chunksOf(frames: AsyncIterable<StreamFrame>): AsyncGenerator<FramedChunk> {
  for await (const frame of frames) {
    const chunk = toChunk(frame);
    if (chunk) yield chunk;
  }
}

async function write(call: FrameCall, frame: StreamFrame): Promise<void> {
  if (call.destroyed || call.writableEnded)
    throw new Error("write to a node stream that is closed");
  if (call.write(frame)) return;
  // A call that breaks emits close; once() itself rejects on error.
  const stop = new AbortController();
  try {
    await Promise.race([
      once(call, "drain", { signal: stop.signal }),
      once(call, "close", { signal: stop.signal }).then(() => {
        throw new Error("the node stream closed");
      }),
    ]);
  } finally {
    stop.abort();
  }
}

export function* toFrames(chunk: FramedChunk): Generator<StreamFrame> {
  switch (chunk.type) {
    case "data":
      for (let at = 0; at < chunk.bytes.length; at += maxFrameBytes) {
        const bytes = chunk.bytes.subarray(at, at + maxFrameBytes);
        yield { frame: "data", data: { channel: chunk.channel, bytes } };
      }
      return;
    case "resize":
      yield { frame: "resize", resize: { width: chunk.width, height: chunk.height } };
      return;
    case "status":
      yield { frame: "statusJson", statusJson: toJson(chunk.status) };
      return;
    case "end":
      yield { frame: "endOfChannel", endOfChannel: chunk.channel };
  }
}

/** undefined for frames that this version does not know. */
export function toChunk(frame: StreamFrame): FramedChunk | undefined {
  switch (frame.frame) {
    case "data": {
      const channel = channelOf(frame.data.channel ?? 0);
      return { type: "data", channel, bytes: frame.data.bytes ?? new Uint8Array() };
    }
    case "resize":
      return { type: "resize", width: frame.resize.width ?? 0, height: frame.resize.height ?? 0 };
    case "statusJson":
      return { type: "status", status: fromJson(frame.statusJson) };
    case "endOfChannel":
      return { type: "end", channel: channelOf(frame.endOfChannel) };
    default:
      return undefined;
  }
}

function channelOf(channel: number): 0 | 1 | 2 {
  if (channel !== 0 && channel !== 1 && channel !== 2) {
    throw new Error(`a stream frame names channel ${channel}; there are 0, 1 and 2`);
  }
  return channel;
}
