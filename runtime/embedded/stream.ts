import type { Socket } from "node:net";
import { PassThrough, type Readable, Writable } from "node:stream";
import { connectSupervisor, encodeRequest, NativeError } from "#runtime/embedded/channel";
import { exitOf } from "#runtime/embedded/exits";
import {
  type Field,
  fieldNumber,
  FrameReader,
  FrameType,
  encodeFrame,
} from "#runtime/embedded/wire";
import { type ExecSession, RuntimeError } from "#runtime/runtime";

export interface StreamRequest {
  readonly directory: string;
  readonly type: number;
  readonly fields: readonly Field[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly timeoutMs?: number;
}

const REQUEST_ID = 1;

/**
 * A connection of its own that carries the streams of one exec or attach. Flow control is the socket's: a
 * reader who does not read stops it, which the supervisor answers by not reading from the command.
 */
export async function openStream(request: StreamRequest): Promise<ExecSession> {
  const socket = await connectSupervisor(request.directory);
  const session = new Streams(socket, request);
  socket.write(encodeRequest(REQUEST_ID, request.type, request.fields));
  await session.accepted;
  return session.asSession();
}

class Streams {
  readonly accepted: Promise<void>;
  private readonly exit: Promise<{ exitCode: number; isTimedOut: boolean }>;
  private readonly socket: Socket;
  private readonly stdin: Writable | undefined;
  private readonly stdout: PassThrough | undefined;
  private readonly stderr: PassThrough | undefined;
  private readonly reader = new FrameReader();
  private accept: (error?: Error) => void = () => undefined;
  private finish: (exitCode: number) => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private isTimedOut = false;

  constructor(socket: Socket, request: StreamRequest) {
    this.socket = socket;
    this.stdin = request.stdin ? this.makeStdin() : undefined;
    this.stdout = request.stdout ? this.makeOutput() : undefined;
    this.stderr = request.stderr ? this.makeOutput() : undefined;
    this.accepted = new Promise((resolve, reject) => {
      this.accept = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.exit = new Promise((resolve) => {
      this.finish = (exitCode) => resolve({ exitCode, isTimedOut: this.isTimedOut });
    });
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => this.end(exitOf(256 + 9).exitCode));
    if (request.timeoutMs !== undefined) this.limit(request.timeoutMs);
  }

  asSession(): ExecSession {
    return {
      stdin: this.stdin,
      stdout: this.stdout as Readable | undefined,
      stderr: this.stderr as Readable | undefined,
      resize: (width, height) => {
        this.socket.write(encodeFrame(REQUEST_ID, FrameType.resize, [width, height]));
      },
      exit: this.exit,
      close: () => this.socket.destroy(),
    };
  }

  private limit(timeoutMs: number): void {
    this.timer = setTimeout(() => {
      this.isTimedOut = true;
      this.socket.destroy();
    }, timeoutMs);
  }

  private makeStdin(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.socket.write(encodeFrame(REQUEST_ID, FrameType.stdin, [chunk]), () => done());
      },
      final: (done) => {
        this.socket.write(encodeFrame(REQUEST_ID, FrameType.stdinEnd, []), () => done());
      },
    });
  }

  private makeOutput(): PassThrough {
    const output = new PassThrough();
    output.on("drain", () => this.socket.resume());
    output.on("close", () => this.socket.resume());
    return output;
  }

  private receive(chunk: Buffer): void {
    this.reader.push(chunk);
    for (let frame = this.reader.next(); frame !== undefined; frame = this.reader.next()) {
      if (frame.type === FrameType.ok) this.accept();
      if (frame.type === FrameType.failure) this.accept(new NativeError(frame));
      if (frame.type === FrameType.stdout) this.give(this.stdout, frame.fields[0]);
      if (frame.type === FrameType.stderr) this.give(this.stderr, frame.fields[0]);
      if (frame.type === FrameType.streamExit) this.end(exitOf(fieldNumber(frame, 0)).exitCode);
    }
  }

  private give(output: PassThrough | undefined, data: Buffer | undefined): void {
    if (output === undefined || output.destroyed || data === undefined) return;
    if (!output.write(data)) this.socket.pause();
  }

  private end(exitCode: number): void {
    clearTimeout(this.timer);
    this.accept(new RuntimeError("Unavailable", "the sandbox's supervisor has gone"));
    this.stdout?.end();
    this.stderr?.end();
    this.finish(exitCode);
    this.socket.destroy();
  }
}

/** A raw byte stream to a port inside the sandbox. */
export async function openForward(directory: string, port: number): Promise<Socket> {
  const socket = await connectSupervisor(directory);
  const reader = new FrameReader();
  socket.write(encodeRequest(REQUEST_ID, FrameType.forward, [port]));
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      reader.push(chunk);
      const frame = reader.next();
      if (frame === undefined) return;
      socket.off("data", onData).pause();
      if (frame.type === FrameType.failure) {
        socket.destroy();
        reject(new NativeError(frame));
      } else resolve();
    };
    socket.on("data", onData);
    socket.once("error", reject);
    socket.once("close", () =>
      reject(new RuntimeError("Unavailable", `cannot connect to port ${port} in the sandbox`)),
    );
  });
  const rest = reader.takeRest();
  if (rest.length > 0) socket.unshift(rest);
  return socket;
}
