import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { NodeStream, StreamChunk } from "#control-plane/apiserver/node-streams";
import { serveChannelPortForward } from "#control-plane/apiserver/streams/websocket-port-forward";

/** Answers the first bytes with the same, and ends. */
function echoNode(): NodeStream {
  let resolve: (chunk: StreamChunk | undefined) => void = () => undefined;
  const promise = new Promise<StreamChunk | undefined>((settle) => {
    resolve = settle;
  });
  async function* chunks(): AsyncGenerator<StreamChunk> {
    const chunk = await promise;
    if (chunk) yield chunk;
  }
  return {
    chunks: chunks(),
    async send(chunk) {
      resolve(chunk);
    },
    cancel: () => resolve(undefined),
  };
}

test("bytes for a port that did not open do not stop the other port", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const served = once(server, "connection").then(([socket]) =>
    serveChannelPortForward(socket as WebSocket, [80, 81], (port) =>
      port === 80 ? Promise.reject(new Error("it is closed")) : Promise.resolve(echoNode()),
    ),
  );
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answers: string[] = [];
  client.on("message", (data: Buffer) => {
    if (data.length > 3) answers.push(`${data[0]} ${data.subarray(1).toString()}`);
  });
  await once(client, "open");
  const block = Buffer.alloc(64 << 10);
  for (let sent = 0; sent < 8; sent++) client.send(Buffer.concat([Buffer.of(0), block]));
  client.send(Buffer.from("\u0002hello"));
  await once(client, "close");
  await served;
  expect(answers.sort()).toEqual(["1 an error occurred forwarding 80: it is closed", "2 hello"]);
  server.close();
});
