/**
 * SPDY/3.1 frames as bytes (SPDY draft 3.1, section 2.2): pure. Header blocks stay compressed here, because
 * their compression has state that belongs to a connection.
 */
export type SpdyFrame =
  | {
      readonly type: "synStream";
      readonly streamId: number;
      readonly isFin: boolean;
      readonly block: Buffer;
    }
  | {
      readonly type: "synReply" | "headers";
      readonly streamId: number;
      readonly isFin: boolean;
      readonly block: Buffer;
    }
  | {
      readonly type: "data";
      readonly streamId: number;
      readonly isFin: boolean;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "rstStream"; readonly streamId: number; readonly status: number }
  | { readonly type: "settings"; readonly entries: readonly { id: number; value: number }[] }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "goAway"; readonly lastStreamId: number; readonly status: number }
  | { readonly type: "windowUpdate"; readonly streamId: number; readonly delta: number }
  /** To be ignored, as the draft says. */
  | { readonly type: "unknown" };

export const rstStatus = { protocolError: 1, refusedStream: 3, cancel: 5, flowControl: 7 } as const;

export const maxDataBytes = 32 << 10;
/** Frames of a peer above this end the connection: spdystream sends at most what one Write was given. */
export const maxFrameBytes = 4 << 20;
export const initialWindowBytes = 64 << 10;

const finFlag = 0x01;
const version = 3;
const headerBytes = 8;

const controlTypes = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export function encodeFrame(frame: Exclude<SpdyFrame, { type: "unknown" }>): Buffer {
  switch (frame.type) {
    case "data": {
      const head = Buffer.alloc(headerBytes);
      head.writeUInt32BE(frame.streamId);
      head.writeUInt32BE(frame.bytes.length, 4);
      head.writeUInt8(frame.isFin ? finFlag : 0, 4);
      return Buffer.concat([head, frame.bytes]);
    }
    case "synStream":
      return control(
        frame.type,
        frame.isFin,
        words(frame.streamId, 0),
        Buffer.alloc(2),
        frame.block,
      );
    case "synReply":
    case "headers":
      return control(frame.type, frame.isFin, words(frame.streamId), frame.block);
    case "rstStream":
      return control(frame.type, false, words(frame.streamId, frame.status));
    case "ping":
      return control(frame.type, false, words(frame.id));
    case "goAway":
      return control(frame.type, false, words(frame.lastStreamId, frame.status));
    case "windowUpdate":
      return control(frame.type, false, words(frame.streamId, frame.delta));
    case "settings": {
      const entries = frame.entries.flatMap(({ id, value }) => [id, value]);
      return control(frame.type, false, words(frame.entries.length, ...entries));
    }
  }
}

function control(type: keyof typeof controlTypes, isFin: boolean, ...parts: Buffer[]): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt16BE(0x8000 | version);
  head.writeUInt16BE(controlTypes[type], 2);
  head.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 0),
    4,
  );
  head.writeUInt8(isFin ? finFlag : 0, 4);
  return Buffer.concat([head, ...parts]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

/** Cuts a byte stream into frames, however it was chunked. Throws on what cannot be a frame. */
export class FrameReader {
  private waiting: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Generator<SpdyFrame> {
    this.waiting = this.waiting.length > 0 ? Buffer.concat([this.waiting, chunk]) : chunk;
    while (this.waiting.length >= headerBytes) {
      const length = this.waiting.readUIntBE(5, 3);
      if (length > maxFrameBytes) throw new Error(`a SPDY frame of ${length} bytes is too large`);
      const end = headerBytes + length;
      if (this.waiting.length < end) return;
      const frame = this.waiting.subarray(0, end);
      this.waiting = this.waiting.subarray(end);
      yield decodeFrame(frame);
    }
  }
}

function decodeFrame(frame: Buffer): SpdyFrame {
  const isFin = (frame.readUInt8(4) & finFlag) !== 0;
  const body = frame.subarray(headerBytes);
  if ((frame.readUInt8(0) & 0x80) === 0) {
    return { type: "data", streamId: frame.readUInt32BE(0), isFin, bytes: body };
  }
  const found = frame.readUInt16BE(0) & 0x7fff;
  if (found !== version) throw new Error(`SPDY version ${found} is not spoken here, only 3`);
  return decodeControl(frame.readUInt16BE(2), isFin, body);
}

function decodeControl(type: number, isFin: boolean, body: Buffer): SpdyFrame {
  const word = (index: number): number => {
    if (body.length < index * 4 + 4) throw new Error("a SPDY frame is cut short");
    return body.readUInt32BE(index * 4);
  };
  const id = (index: number): number => word(index) & 0x7fffffff;
  switch (type) {
    case controlTypes.synStream:
      return { type: "synStream", streamId: id(0), isFin, block: body.subarray(10) };
    case controlTypes.synReply:
      return { type: "synReply", streamId: id(0), isFin, block: body.subarray(4) };
    case controlTypes.headers:
      return { type: "headers", streamId: id(0), isFin, block: body.subarray(4) };
    case controlTypes.rstStream:
      return { type: "rstStream", streamId: id(0), status: word(1) };
    case controlTypes.ping:
      return { type: "ping", id: word(0) };
    case controlTypes.goAway:
      return { type: "goAway", lastStreamId: id(0), status: word(1) };
    case controlTypes.windowUpdate:
      return { type: "windowUpdate", streamId: id(0), delta: id(1) };
    case controlTypes.settings: {
      const count = Math.min(word(0), (body.length - 4) / 8);
      const entries = Array.from({ length: Math.floor(count) }, (_, index) => ({
        id: word(1 + index * 2) & 0xffffff,
        value: word(2 + index * 2),
      }));
      return { type: "settings", entries };
    }
    default:
      return { type: "unknown" };
  }
}
