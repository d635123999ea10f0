import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, type WebSocket, WebSocketServer } from "ws";
import { FlowQueue } from "#control-plane/apiserver/streams/flow-queue";
import { forward } from "#control-plane/apiserver/streams/forward";
import {
  forwardError,
  type OpenPort,
  portForwardProtocol,
} from "#control-plane/apiserver/streams/spdy-port-forward";
import {
  type ChannelSocket,
  channelSocket,
  completeHandshake,
} from "#control-plane/apiserver/streams/websocket";

export const tunnelProtocol = `SPDY/3.1+${portForwardProtocol}`;
const maxMessageBytes = 4 << 20;
const maxBufferedBytes = 256 << 10;

const tunnelServer = new WebSocketServer({
  noServer: true,
  maxPayload: maxMessageBytes,
  perMessageDeflate: false,
});
tunnelServer.on("headers", (headers: string[]) => {
  headers.push(`Sec-WebSocket-Protocol: ${tunnelProtocol}`);
});

/**
 * kubectl 1.31 and later: SPDY inside a WebSocket, whose subprotocol has a slash that `ws` refuses to parse
 * (RFC 6455 forbids it). So `ws` never sees it: the header is taken off the request and put on the answer.
 */
export async function acceptTunnel(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<Duplex> {
  delete req.headers["sec-websocket-protocol"];
  return createWebSocketStream(await completeHandshake(tunnelServer, req, socket, head));
}

/**
 * Client libraries: for each port asked (`ports=80,443`) a data channel 2i and an error channel 2i+1, each
 * beginning with the port as two bytes, little end first. One TCP connection per port.
 */
export async function serveChannelPortForward(
  webSocket: WebSocket,
  ports: readonly number[],
  open: OpenPort,
): Promise<void> {
  const socket = channelSocket(webSocket);
  const queues = ports.map(() => new FlowQueue<Uint8Array>(maxBufferedBytes));
  for (const [index, port] of ports.entries()) {
    const announcement = Buffer.alloc(2);
    announcement.writeUInt16LE(port);
    await socket.send(index * 2, announcement);
    await socket.send(index * 2 + 1, announcement);
  }
  const forwards = ports.map((port, index) =>
    forwardChannel(socket, index, port, queues[index] ?? new FlowQueue(1), open),
  );
  const reading = distribute(socket, queues);
  await Promise.all(forwards);
  socket.close();
  await reading;
}

async function distribute(
  socket: ChannelSocket,
  queues: readonly FlowQueue<Uint8Array>[],
): Promise<void> {
  for await (const { channel, bytes } of socket.messages) {
    const queue = channel % 2 === 0 ? queues[channel / 2] : undefined;
    if (!queue || bytes.length === 0) continue;
    queue.push(bytes, bytes.length);
    await queue.room();
  }
  for (const queue of queues) queue.close();
}

async function forwardChannel(
  socket: ChannelSocket,
  index: number,
  port: number,
  chunks: FlowQueue<Uint8Array>,
  open: OpenPort,
): Promise<void> {
  let problem: string | undefined;
  try {
    const node = await open(port);
    socket.gone.addEventListener("abort", () => node.cancel(), { once: true });
    const write = (bytes: Uint8Array) => socket.send(index * 2, bytes);
    problem = await forward({ chunks, write, end: () => chunks.close() }, node);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  } finally {
    chunks.close(); // or what comes for this port would fill the queue and stop the other ports
  }
  if (!problem || socket.gone.aborted) return;
  await socket.send(index * 2 + 1, Buffer.from(forwardError(port, problem)));
}
