import type { Duplex } from "node:stream";
import type { StreamChunk } from "#control-plane/apiserver/node-streams";
import type { RemoteUser } from "#control-plane/apiserver/streams/bridge";
import { FlowQueue } from "#control-plane/apiserver/streams/flow-queue";
import { SpdyConnection, type SpdyStream } from "#control-plane/apiserver/streams/spdy/connection";
import { parseResize, plainError } from "#control-plane/apiserver/streams/websocket";
import type { Clock } from "#kit/clock";

/** Best first; v1 had no resize and another stream order, and no client of this century asks for it. */
export const spdyExecProtocols = [
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
] as const;

/** The client opens its streams one by one after the upgrade. */
const streamsTimeoutMs = 30_000;
const maxResizeBytes = 4096;

export interface WantedStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** exec and attach over SPDY: a stream each for error, stdin, stdout, stderr and resize. */
export async function spdyUser(
  socket: Duplex,
  protocol: string,
  wanted: WantedStreams,
  clock: Clock,
): Promise<RemoteUser> {
  const connection = new SpdyConnection(socket);
  const gone = new AbortController();
  const streams = await collectStreams(connection, namesOf(wanted, protocol), gone, clock);
  const error = streams.get("error");
  const input = mergeInput(streams.get("stdin"), streams.get("resize"), gone.signal);
  return {
    input,
    gone: gone.signal,
    async write(channel, bytes) {
      await streams.get(channel === 1 ? "stdout" : "stderr")?.write(bytes);
    },
    async finish(status) {
      const text = protocol.startsWith("v4") ? JSON.stringify(status) : plainError(status);
      if (text) await error?.write(Buffer.from(text));
      for (const stream of streams.values()) stream.end();
      connection.close();
    },
  };
}

function namesOf({ stdin, stdout, stderr, tty }: WantedStreams, protocol: string): Set<string> {
  const hasResize = tty && !protocol.startsWith("v2");
  return new Set([
    "error",
    ...(stdin ? ["stdin"] : []),
    ...(stdout ? ["stdout"] : []),
    ...(stderr && !tty ? ["stderr"] : []),
    ...(hasResize ? ["resize"] : []),
  ]);
}

/** Serves the connection in the background; resolves once the client has opened what it announced. */
function collectStreams(
  connection: SpdyConnection,
  names: ReadonlySet<string>,
  gone: AbortController,
  clock: Clock,
): Promise<Map<string, SpdyStream>> {
  const streams = new Map<string, SpdyStream>();
  return new Promise((resolve, reject) => {
    const cancelTimeout = clock.after(streamsTimeoutMs, () => {
      reject(new Error("timed out waiting for client to create streams"));
      connection.close();
    });
    const onStream = (stream: SpdyStream): void => {
      const type = stream.headers.get("streamtype") ?? "";
      if (!names.has(type) || streams.has(type)) return stream.reset();
      streams.set(type, stream);
      if (streams.size < names.size) return;
      cancelTimeout();
      resolve(streams);
    };
    void connection.serve(onStream).then(() => {
      cancelTimeout();
      gone.abort();
      reject(new Error("the client closed the connection before it had opened its streams"));
    });
  });
}

function mergeInput(
  stdin: SpdyStream | undefined,
  resize: SpdyStream | undefined,
  gone: AbortSignal,
): AsyncIterable<StreamChunk> {
  // The SPDY streams are bounded themselves; this only merges two of them.
  const merged = new FlowQueue<StreamChunk>(1);
  gone.addEventListener("abort", () => merged.close(), { once: true });
  const pump = async (chunks: AsyncIterable<StreamChunk>): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        merged.push(chunk, 1);
        await merged.room();
      }
    } catch {
      // The stream or its connection is gone, which `gone` tells.
    }
  };
  if (stdin) void pump(stdinChunks(stdin));
  if (resize) void pump(resizeChunks(resize));
  return merged;
}

async function* stdinChunks(stdin: SpdyStream): AsyncGenerator<StreamChunk> {
  for await (const bytes of stdin.chunks) yield { type: "data", channel: 0, bytes };
  yield { type: "end", channel: 0 };
}

/** A sequence of JSON objects, one a line. */
async function* resizeChunks(resize: SpdyStream): AsyncGenerator<StreamChunk> {
  let text = "";
  for await (const bytes of resize.chunks) {
    text += Buffer.from(bytes).toString("utf8");
    const objects = text.split(/(?<=\})/);
    text = objects.at(-1)?.trimEnd().endsWith("}") ? "" : (objects.pop() ?? "");
    if (text.length > maxResizeBytes) throw new Error("a terminal size is too long");
    for (const object of objects) {
      const chunk = parseResize(object);
      if (chunk) yield chunk;
    }
  }
}
