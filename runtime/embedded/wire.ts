/**
 * Frames between the runtime and its native side; native/wire.h describes them. Numbers travel as decimal
 * text; a field is followed by a NUL that its length does not count.
 */
export const FrameType = {
  start: 1,
  kill: 2,
  list: 3,
  apply: 4,
  shutdown: 5,
  reopenLog: 6,
  exec: 7,
  attach: 8,
  forward: 9,
  spawn: 10,
  watch: 11,
  forget: 12,
  ok: 32,
  failure: 33,
  warning: 34,
  exited: 35,
  stdin: 48,
  stdout: 49,
  stderr: 50,
  resize: 51,
  streamExit: 52,
  stdinEnd: 53,
} as const;

export interface Frame {
  readonly id: number;
  readonly type: number;
  readonly fields: readonly Buffer[];
}

export type Field = string | number | Uint8Array;

export const FRAME_LIMIT_BYTES = 4 << 20;
const HEADER_BYTES = 12;

export function fieldBytes(field: Field): Uint8Array {
  return typeof field === "object" ? field : Buffer.from(String(field));
}

export function encodeFields(fields: readonly Field[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const bytes = fieldBytes(field);
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes, NUL);
  }
  return Buffer.concat(parts);
}

const NUL = Buffer.alloc(1);

export function encodeFrame(id: number, type: number, fields: readonly Field[]): Buffer {
  const body = encodeFields(fields);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES - 4 + body.length, 0);
  header.writeUInt32LE(id, 4);
  header.writeUInt16LE(type, 8);
  header.writeUInt16LE(fields.length, 10);
  return Buffer.concat([header, body]);
}

/** Puts frames together from the chunks of a stream. What has not been a frame yet can be taken back. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
  }

  next(): Frame | undefined {
    if (this.rest.length < HEADER_BYTES) return undefined;
    const size = this.rest.readUInt32LE(0);
    if (size > FRAME_LIMIT_BYTES) throw new Error(`a frame of ${size} bytes is over the limit`);
    if (this.rest.length < 4 + size) return undefined;
    const frame = decode(this.rest.subarray(0, 4 + size));
    this.rest = this.rest.subarray(4 + size);
    return frame;
  }

  takeRest(): Buffer {
    const rest = this.rest;
    this.rest = Buffer.alloc(0);
    return rest;
  }
}

function decode(bytes: Buffer): Frame {
  const fields: Buffer[] = [];
  const count = bytes.readUInt16LE(10);
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + 1;
  }
  return { id: bytes.readUInt32LE(4), type: bytes.readUInt16LE(8), fields };
}

export function fieldText(frame: Frame, index: number): string {
  return frame.fields[index]?.toString() ?? "";
}

export function fieldNumber(frame: Frame, index: number): number {
  return Number(fieldText(frame, index));
}
