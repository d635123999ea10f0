import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { PassThrough, type Readable } from "node:stream";
import type {
  NodeStream,
  NodeStreams,
  StreamChunk,
  StreamRequest,
} from "#control-plane/apiserver/node-streams";

/** A node of one process: exec runs a local command, port-forward dials the loopback, logs count. */
export function createLocalStreams(): NodeStreams & { readonly open: NodeStreams["open"] } {
  return {
    async open(_nodeName, request) {
      return localStream(request);
    },
    podMetrics: () => [],
    nodeMetrics: () => [],
  };
}

export function localStream(request: StreamRequest): NodeStream {
  switch (request.type) {
    case "exec":
      return execStream(request.command);
    case "attach":
      return execStream(["cat"]);
    case "portForward":
      return portStream(request.port);
    case "logs":
      return logStream(request.options.follow ? 3 : 1);
    case "read":
      throw new Error("this node says nothing of itself");
  }
}

function execStream(command: readonly string[]): NodeStream {
  const [file = "true", ...args] = command;
  const child = spawn(file, args, { stdio: "pipe" });
  child.stdin.on("error", () => undefined);
  // Node throws away what a child's unread output holds when the child exits: so it is read from the start.
  const stdout = child.stdout.pipe(new PassThrough());
  const stderr = child.stderr.pipe(new PassThrough());
  return {
    chunks: execChunks(merge(outputOf(stdout, 1), outputOf(stderr, 2)), once(child, "exit")),
    async send(chunk) {
      if (chunk.type === "end") child.stdin.end();
      if (chunk.type !== "data") return;
      // Also called, with an error, when the process ends before it has read this.
      await new Promise<void>((resolve) => child.stdin.write(chunk.bytes, () => resolve()));
    },
    cancel: () => void child.kill("SIGKILL"),
  };
}

async function* execChunks(
  output: AsyncIterable<StreamChunk>,
  exited: Promise<unknown[]>,
): AsyncGenerator<StreamChunk> {
  yield* output;
  const [code] = (await exited) as [number | null];
  yield { type: "status", status: exitStatus(code ?? 137) };
}

async function* outputOf(output: Readable, channel: 1 | 2): AsyncGenerator<StreamChunk> {
  for await (const bytes of output as AsyncIterable<Buffer>) {
    yield { type: "data", channel, bytes };
  }
}

/** Both at once, each pulled only when its last chunk was taken. */
async function* merge(...sources: AsyncGenerator<StreamChunk>[]): AsyncGenerator<StreamChunk> {
  const next = (source: AsyncGenerator<StreamChunk>) =>
    source.next().then((result) => ({ source, result }));
  const pending = new Map(sources.map((source) => [source, next(source)]));
  while (pending.size > 0) {
    const { source, result } = await Promise.race(pending.values());
    if (result.done) {
      pending.delete(source);
      continue;
    }
    yield result.value;
    pending.set(source, next(source));
  }
}

export function exitStatus(code: number): unknown {
  const base = { kind: "Status", apiVersion: "v1", metadata: {} };
  if (code === 0) return { ...base, status: "Success" };
  return {
    ...base,
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}

function portStream(port: number): NodeStream {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  return {
    chunks: (async function* (): AsyncGenerator<StreamChunk> {
      for await (const bytes of socket as AsyncIterable<Buffer>) {
        yield { type: "data", channel: 1, bytes };
      }
      yield { type: "end", channel: 1 };
    })(),
    async send(chunk) {
      if (chunk.type === "end") socket.end();
      if (chunk.type === "data" && !socket.write(chunk.bytes)) await once(socket, "drain");
    },
    cancel: () => void socket.destroy(),
  };
}

function logStream(lines: number): NodeStream {
  return {
    chunks: (async function* (): AsyncGenerator<StreamChunk> {
      for (let line = 1; line <= lines; line++) {
        yield { type: "data", channel: 1, bytes: Buffer.from(`line ${line}\n`) };
      }
      yield { type: "status", status: exitStatus(0) };
    })(),
    send: async () => undefined,
    cancel: () => undefined,
  };
}
