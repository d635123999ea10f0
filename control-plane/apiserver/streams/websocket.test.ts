import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { acceptWebSocket } from "#control-plane/apiserver/streams/websocket";

test("a malformed handshake is an end that the caller hears of", async () => {
  const server = createServer();
  const outcome = new Promise<unknown>((resolve) => {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      acceptWebSocket(request, socket, head).then((socket: WebSocket) => resolve(socket), resolve);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.resume();
  client.write(
    "POST / HTTP/1.1\r\nHost: kaji\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(await outcome).toEqual(new Error("the connection closed before the WebSocket handshake"));
  client.destroy();
  server.close();
});
