import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import {
  type Field,
  encodeFrame,
  fieldBytes,
  fieldNumber,
  fieldText,
  FRAME_LIMIT_BYTES,
  type Frame,
  FrameReader,
  FrameType,
} from "#runtime/embedded/wire";
import { RuntimeError } from "#runtime/runtime";

/** What the native side could not do: which operation, at which place of the list, and why. */
export class NativeError extends Error {
  override name = "NativeError";
  readonly operation: string;
  readonly index: number;
  readonly errno: number;
  readonly detail: string;
  /** The kernel's words: "No such file or directory". */
  readonly reason: string;

  constructor(frame: Frame) {
    const operation = fieldText(frame, 0);
    const detail = fieldText(frame, 3);
    const reason = fieldText(frame, 4);
    super(`${operation}${detail === "" ? "" : ` ${detail}`}: ${reason.toLowerCase()}`);
    this.operation = operation;
    this.index = fieldNumber(frame, 1);
    this.errno = fieldNumber(frame, 2);
    this.detail = detail;
    this.reason = reason;
  }
}

export function encodeRequest(id: number, type: number, fields: readonly Field[]): Buffer {
  const size = fields.reduce<number>((sum, field) => sum + fieldBytes(field).length, 0);
  if (size > FRAME_LIMIT_BYTES - 4096) {
    throw new RuntimeError("InvalidArgument", `the request is too large (${size} bytes)`);
  }
  return encodeFrame(id, type, fields);
}

interface Waiting {
  resolve(frame: Frame): void;
  reject(error: Error): void;
}

/**
 * Requests and answers over one socket to a launcher or a supervisor. Answers may come in any order. When the
 * socket closes every waiting request fails with Unavailable.
 */
export class Channel {
  private readonly waiting = new Map<number, Waiting>();
  private readonly reader = new FrameReader();
  private readonly socket: Socket;
  private nextId = 1;
  private isClosed = false;
  /** Frames that answer no request. */
  onEvent: (frame: Frame) => void = () => undefined;
  onWarning: (warning: NativeError) => void = () => undefined;
  onClose: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => this.end());
  }

  request(type: number, fields: readonly Field[]): Promise<Frame> {
    if (this.isClosed) return Promise.reject(gone());
    const id = this.nextId++;
    const frame = encodeRequest(id, type, fields);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.write(frame);
    });
  }

  close(): void {
    this.socket.destroy();
    this.end();
  }

  private receive(chunk: Buffer): void {
    this.reader.push(chunk);
    for (let frame = this.reader.next(); frame !== undefined; frame = this.reader.next()) {
      this.deliver(frame);
    }
  }

  private deliver(frame: Frame): void {
    const waiting = this.waiting.get(frame.id);
    if (frame.type === FrameType.warning) return this.onWarning(new NativeError(frame));
    if (frame.id === 0 || waiting === undefined) return this.onEvent(frame);
    this.waiting.delete(frame.id);
    if (frame.type === FrameType.failure) waiting.reject(new NativeError(frame));
    else waiting.resolve(frame);
  }

  private end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject } of this.waiting.values()) reject(gone());
    this.waiting.clear();
    this.onClose();
  }
}

function gone(): RuntimeError {
  return new RuntimeError("Unavailable", "the sandbox's supervisor has gone");
}

/** The longest path a socket address holds. */
const SOCKET_PATH_LIMIT = 107;

/** Connects to the supervisor of a sandbox directory; by way of a descriptor where its path is too long. */
export async function connectSupervisor(directory: string): Promise<Socket> {
  const path = join(directory, "sock");
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) return connectPath(path);
  const descriptor = openSync(directory, "r");
  try {
    return await connectPath(`/proc/self/fd/${descriptor}/sock`);
  } finally {
    closeSync(descriptor);
  }
}

async function connectPath(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}
