import { once } from "node:events";
import type { Http2SecureServer, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "#client/api-client";
import { failoverTransport } from "#client/failover";
import type { ApiRequest } from "#client/transport";
import { testAuthority } from "#test/support/certificates";

type Handle = (stream: ServerHttp2Stream, method: string) => void;

class Server {
  readonly asked: string[] = [];
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly server: Http2SecureServer;

  constructor(server: Http2SecureServer, handle: Handle) {
    this.server = server;
    server.on("session", (session) => this.sessions.add(session));
    server.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      this.asked.push(String(headers[":method"]));
      stream.resume();
      handle(stream, String(headers[":method"]));
    });
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As kill -9 does it. */
  die(): void {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}

describe("requests to several servers", () => {
  let authority: Awaited<ReturnType<typeof testAuthority>>;
  const closing: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    authority = await testAuthority();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function startServer(handle: Handle = (stream) => answer(stream)): Promise<Server> {
    const server = createSecureServer(authority.server);
    const started = new Server(server, handle);
    closing.push(() => started.die());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return started;
  }

  function clientOf(servers: readonly Server[]) {
    const transport = failoverTransport({
      servers: servers.map(({ url }) => url),
      ca: authority.ca,
    });
    closing.push(() => transport.close());
    return { transport, client: createClient(transport) };
  }

  test("go to one as long as it answers, and to the next when it does not", async () => {
    const servers = [await startServer(), await startServer(), await startServer()];
    const { client } = clientOf(servers);
    for (let count = 0; count < 3; count++) await client.raw("GET", "/x");
    expect(servers.map(({ asked }) => asked.length)).toEqual([3, 0, 0]);
    servers[0]?.die();
    servers[1]?.die();
    for (let count = 0; count < 2; count++) await client.raw("POST", "/x", {});
    expect(servers.map(({ asked }) => asked.length)).toEqual([3, 0, 2]);
  });

  test("are not made twice when they may have had an effect", async () => {
    const first = await startServer(() => first.die());
    const second = await startServer();
    const { client } = clientOf([first, second]);
    await expect(client.raw("POST", "/x", {})).rejects.toThrow("POST /x at");
    expect(second.asked).toEqual([]);
    await client.raw("POST", "/x", {});
    expect(second.asked).toEqual(["POST"]);
  });

  test("fail when nobody answers, with the words of the last", async () => {
    const servers = [await startServer(), await startServer()];
    const { client } = clientOf(servers);
    for (const server of servers) server.die();
    await expect(client.raw("GET", "/x")).rejects.toThrow("ECONNREFUSED");
  });

  test("leave a watch that breaks to its reader, who finds the next server", async () => {
    const line = `{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n`;
    const handle: Handle = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.write(line);
    };
    const servers = [await startServer(handle), await startServer(handle)];
    const { transport } = clientOf(servers);
    const watch = async (): Promise<AsyncIterator<unknown>> => {
      const query = new URLSearchParams({ watch: "true" });
      const request: ApiRequest = { method: "GET", path: "/x", query };
      const response = await transport(request);
      if (response.type !== "watch") throw new Error("a watch was expected");
      return response.events[Symbol.asyncIterator]();
    };
    const broken = await watch();
    expect((await broken.next()).done).toBe(false);
    servers[0]?.die();
    const isOver = await broken.next().then(
      ({ done }) => done,
      () => true,
    );
    expect(isOver).toBe(true);
    const next = await watch();
    expect((await next.next()).done).toBe(false);
    expect(servers[1]?.asked).toEqual(["GET"]);
  });
});

function answer(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/json" });
  stream.end("{}");
}
