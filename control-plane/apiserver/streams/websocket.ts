import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { StreamChunk } from "#control-plane/apiserver/node-streams";
import type { RemoteUser } from "#control-plane/apiserver/streams/bridge";
import { FlowQueue } from "#control-plane/apiserver/streams/flow-queue";

/** One message of a user; kubectl sends at most 32 KiB. */
const maxMessageBytes = 4 << 20;
const maxBufferedBytes = 256 << 10;

const errorChannel = 3;
const resizeChannel = 4;
/** v5 only: the next byte is the channel that the user has closed. */
const closeSignal = 255;

/** Best first. "" is what a client without subprotocols gets. */
export const execProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "base64.channel.k8s.io",
  "channel.k8s.io",
] as const;

const server = new WebSocketServer({
  noServer: true,
  maxPayload: maxMessageBytes,
  perMessageDeflate: false,
  handleProtocols: (offered) => execProtocols.find((it) => offered.has(it)) ?? false,
});

/** Completes the handshake of exec, attach and port-forward by channels. */
export function acceptWebSocket(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<WebSocket> {
  return completeHandshake(server, req, socket, head);
}

/** `ws` answers a malformed handshake itself and then closes the socket, which is how it is seen here. */
export function completeHandshake(
  acceptor: WebSocketServer,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new Error("the connection closed before the WebSocket handshake"));
    if (socket.destroyed) return refuse();
    socket.once("close", refuse);
    acceptor.handleUpgrade(req, socket, head, (webSocket) => {
      socket.off("close", refuse);
      resolve(webSocket);
    });
  });
}

export function offeredProtocols(req: IncomingMessage): string[] {
  const header = req.headers["sec-websocket-protocol"] ?? "";
  return header
    .split(",")
    .map((it) => it.trim())
    .filter(Boolean);
}

export interface ChannelMessage {
  readonly channel: number;
  readonly bytes: Buffer;
}

/** A WebSocket whose messages begin with a channel number, raw or in base64. */
export interface ChannelSocket {
  readonly messages: AsyncIterable<ChannelMessage>;
  send(channel: number, bytes: Uint8Array): Promise<void>;
  close(): void;
  readonly gone: AbortSignal;
}

export function channelSocket(socket: WebSocket): ChannelSocket {
  const isBase64 = socket.protocol.includes("base64");
  const gone = new AbortController();
  const queue = new FlowQueue<ChannelMessage>(maxBufferedBytes);
  socket.on("message", (data: Buffer) => {
    const message = isBase64 ? decodeBase64(data) : { channel: data[0], bytes: data.subarray(1) };
    if (message.channel === undefined) return;
    queue.push({ channel: message.channel, bytes: message.bytes }, message.bytes.length + 1);
    if (!queue.isFull) return;
    socket.pause();
    void queue.room().then(() => socket.resume());
  });
  // "close" always follows an error, and is what ends the stream.
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    queue.close();
    gone.abort();
  });
  return {
    messages: queue,
    gone: gone.signal,
    send(channel, bytes) {
      const data = isBase64
        ? `${channel}${Buffer.from(bytes).toString("base64")}`
        : Buffer.concat([Buffer.of(channel), bytes]);
      return new Promise((resolve, reject) => {
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      });
    },
    close: () => socket.close(1000),
  };
}

function decodeBase64(data: Buffer): { channel: number | undefined; bytes: Buffer } {
  const text = data.toString("latin1");
  const channel = text.length > 0 ? Number(text[0]) : undefined;
  return { channel, bytes: Buffer.from(text.slice(1), "base64") };
}

/** exec and attach over channels 0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize. */
export function webSocketUser(socket: WebSocket): RemoteUser {
  const channels = channelSocket(socket);
  const hasStatus = /^v[45]\./.test(socket.protocol);
  return {
    input: inputOf(channels),
    gone: channels.gone,
    write: (channel, bytes) => channels.send(channel, bytes),
    async finish(status) {
      const text = hasStatus ? JSON.stringify(status) : plainError(status);
      if (text) await channels.send(errorChannel, Buffer.from(text));
      channels.close();
    },
  };
}

/** Clients wait for this sign that the stream is open; an empty message on the first channel they read. */
export function announceOpen(
  socket: WebSocket,
  streams: { stdout: boolean; stderr: boolean },
): void {
  const channel = streams.stdout ? 1 : streams.stderr ? 2 : errorChannel;
  socket.send(socket.protocol.includes("base64") ? `${channel}` : Buffer.of(channel));
}

async function* inputOf(channels: ChannelSocket): AsyncGenerator<StreamChunk> {
  for await (const { channel, bytes } of channels.messages) {
    if (channel === 0 && bytes.length > 0) yield { type: "data", channel: 0, bytes };
    if (channel === closeSignal && bytes[0] === 0) yield { type: "end", channel: 0 };
    if (channel !== resizeChannel) continue;
    const resize = parseResize(bytes.toString("utf8"));
    if (resize) yield resize;
  }
}

/** {"Width":80,"Height":24}; undefined for anything else, which is ignored as Kubernetes does. */
export function parseResize(text: string): StreamChunk | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    if (typeof Width !== "number" || typeof Height !== "number") return undefined;
    return { type: "resize", width: Width, height: Height };
  } catch {
    return undefined;
  }
}

/** Before v4 the error channel carried a sentence, and nothing on success. */
export function plainError(status: unknown): string {
  const { status: outcome, message } = status as { status?: string; message?: string };
  return outcome === "Success" ? "" : (message ?? "unknown error");
}
