import { once } from "node:events";
import type { Http2SecureServer, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants, createSecureServer } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errors } from "#api/machinery/status-error";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { RestOptions } from "#client/rest";
import { restTransport } from "#client/rest";
import type { ApiRequest, WatchFrame } from "#client/transport";
import { testAuthority } from "#test/support/certificates";
import { noteKind } from "#test/support/fake-api";
import { ManualClock } from "#test/support/manual-clock";

type Handle = (stream: ServerHttp2Stream, path: string, body: string) => void;

describe("the REST transport, over TLS on loopback", () => {
  let authority: Awaited<ReturnType<typeof testAuthority>>;
  let server: Http2SecureServer;
  let sessions: Set<ServerHttp2Session>;
  let handle: Handle;
  let options: RestOptions;
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    authority = await testAuthority();
  });
  beforeEach(async () => {
    sessions = new Set();
    handle = (stream) => answer(stream, 200, {});
    const { ca } = authority;
    server = createSecureServer({
      ...authority.server,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
    });
    server.on("session", (session) => {
      sessions.add(session);
      session.on("close", () => sessions.delete(session));
    });
    server.on("stream", (stream, headers) => void receive(stream, String(headers[":path"])));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    options = { server: `https://127.0.0.1:${port}`, ca };
  });
  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close();
    for (const session of sessions) session.destroy();
    server.close();
  });

  async function receive(stream: ServerHttp2Stream, path: string): Promise<void> {
    stream.on("error", () => undefined);
    let body = "";
    for await (const chunk of stream) body += String(chunk);
    handle(stream, path, body);
  }

  function transportWith(more: Partial<RestOptions> = {}) {
    const transport = restTransport({ ...options, ...more });
    open.push(transport);
    return transport;
  }

  const clientWith = (more: Partial<RestOptions> = {}): Client => createClient(transportWith(more));

  test("credentials are read anew at each connection", async () => {
    const { ca } = authority;
    const seen: string[] = [];
    handle = (stream) => {
      const socket = stream.session?.socket as TLSSocket;
      seen.push([socket.getPeerCertificate().subject.CN].flat().join());
      answer(stream, 200, {});
    };
    let count = 0;
    const reload = async () => ({ ca, ...(await authority.clientFor(`CN=client-${++count}`)) });
    const client = createClient(transportWith({ reload }));
    await client.raw("GET", "/x");
    for (const session of sessions) session.destroy();
    await client.raw("GET", "/x");
    expect(seen).toEqual(["client-1", "client-2"]);
  });

  test("sends path, query, body and token, and gives the parsed answer", async () => {
    let token: unknown;
    server.on("stream", (_stream, headers) => (token = headers["authorization"]));
    handle = (stream, path, body) => answer(stream, 201, { path, sent: JSON.parse(body) });
    const response = await transportWith({ token: "secret" })({
      ...get("/apis/x"),
      method: "POST",
      query: new URLSearchParams({ dryRun: "All" }),
      contentType: "application/json",
      body: { a: "ü" },
    });
    expect(response).toMatchObject({
      type: "json",
      status: 201,
      value: { path: "/apis/x?dryRun=All", sent: { a: "ü" } },
    });
    expect(token).toBe("Bearer secret");
  });

  test("shows its certificate to the server", async () => {
    const { cert, key } = await authority.clientFor("CN=kaji-admin,O=system:masters");
    handle = (stream) => {
      const socket = stream.session?.socket as TLSSocket;
      answer(stream, 200, { name: socket.getPeerCertificate().subject.CN });
    };
    expect(await clientWith({ cert, key }).raw("GET", "/version")).toEqual({ name: "kaji-admin" });
  });

  test("refuses a server whose certificate it cannot verify", async () => {
    const stranger = await testAuthority();
    await expect(clientWith({ ca: stranger.ca }).raw("GET", "/version")).rejects.toThrow(
      /^GET \/version at https:\S+ failed: .*certificate/,
    );
  });

  test("a Status becomes a StatusError, a plain text failure too", async () => {
    const { status } = errors.notFound(noteKind, "x");
    handle = (stream) => answer(stream, 404, status);
    await expect(clientWith().get(noteKind, "x", "a")).rejects.toMatchObject({
      name: "StatusError",
      code: 404,
      reason: "NotFound",
      message: 'notes.test.kaji.dev "x" not found',
    });
    handle = (stream) => {
      stream.respond({ ":status": 502, "content-type": "text/plain" });
      stream.end("bad gateway");
    };
    await expect(clientWith().get(noteKind, "x", "a")).rejects.toMatchObject({
      code: 502,
      message: "bad gateway",
    });
  });

  test("warnings are read from their header", async () => {
    handle = (stream) => {
      const warning = '299 - "use \\"v2\\"", 299 - "second"';
      stream.respond({ ":status": 200, "content-type": "application/json", warning });
      stream.end("{}");
    };
    expect(await transportWith()(get("/x"))).toMatchObject({ warnings: ['use "v2"', "second"] });
  });

  test("a watch gives frames as they come, however the bytes are cut, and ends with the stream", async () => {
    const text = [frame("ADDED", "ä"), frame("MODIFIED", "b"), frame("DELETED", "c")].join("");
    handle = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      for (const byte of Buffer.from(text)) stream.write(Buffer.of(byte));
      stream.end();
    };
    const { signal } = new AbortController();
    const seen: string[] = [];
    for await (const event of clientWith().watch(noteKind, { signal, resourceVersion: "1" })) {
      seen.push(event.type === "BOOKMARK" ? "" : `${event.type} ${event.object.metadata.name}`);
    }
    expect(seen).toEqual(["ADDED ä", "MODIFIED b", "DELETED c"]);
  });

  test("aborting a watch ends it quietly and tells the server", async () => {
    const cancelled = new Promise<number>((resolve) => {
      handle = (stream) => {
        stream.on("close", () => resolve(stream.rstCode ?? -1));
        stream.respond({ ":status": 200, "content-type": "application/json" });
        stream.write(frame("ADDED", "a"));
      };
    });
    const abort = new AbortController();
    let count = 0;
    for await (const _event of clientWith().watch(noteKind, { signal: abort.signal })) {
      count += 1;
      abort.abort();
    }
    expect(count).toBe(1);
    expect(await cancelled).toBe(constants.NGHTTP2_CANCEL);
  });

  test("a line over the limit ends the watch with an error", async () => {
    handle = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.end("x".repeat(5000));
    };
    const response = await transportWith({ maxLineBytes: 4096 })(get("/notes", "watch=true"));
    await expect(drain(response)).rejects.toThrow("longer than the limit of 4096 bytes");
  });

  test("a slow reader slows the server down", async () => {
    let sentBytes = 0;
    const line = frame("ADDED", "x".repeat(100_000));
    handle = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      const pump = (): void => {
        while (sentBytes < 50_000_000) {
          sentBytes += line.length;
          if (!stream.write(line)) return void stream.once("drain", pump);
        }
        stream.end();
      };
      pump();
    };
    const transport = transportWith();
    const response = await transport(get("/notes", "watch=true"));
    // Other requests go on meanwhile, and give the server time to send as much as it may.
    handle = (stream) => answer(stream, 200, {});
    for (let i = 0; i < 50; i++) await transport(get("/other"));
    expect(sentBytes).toBeLessThan(10_000_000);
    expect(await drain(response)).toBe(500);
  });

  test("an answer over the limit is refused", async () => {
    handle = (stream) => answer(stream, 200, { text: "x".repeat(5000) });
    await expect(transportWith({ maxBodyBytes: 4096 })(get("/x"))).rejects.toThrow(
      "larger than the limit of 4096 bytes",
    );
  });

  test("connects again after the server dropped the connection", async () => {
    const client = clientWith();
    await client.raw("GET", "/one");
    for (const session of sessions) session.destroy();
    expect(await client.raw("GET", "/two")).toEqual({});
    for (const session of sessions) session.goaway();
    expect(await client.raw("GET", "/three")).toEqual({});
  });

  test("a request that the server leaves unanswered fails at its deadline", async () => {
    const clock = new ManualClock();
    handle = () => clock.advance(5000);
    const client = clientWith({ clock, requestTimeoutMs: 5000 });
    await expect(client.raw("POST", "/slow", {})).rejects.toThrow(
      /^POST \/slow at \S+ failed: no complete answer within 5 s$/,
    );
  });

  test("a watch on a connection that answers no ping fails instead of waiting for ever", async () => {
    const clock = new ManualClock();
    handle = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.write(frame("ADDED", "a"));
    };
    const { signal } = new AbortController();
    const watch = clientWith({ clock }).watch(noteKind, { signal })[Symbol.asyncIterator]();
    await watch.next();
    const next = watch.next();
    // Faster than any answer can come.
    clock.advance(45_000);
    await expect(next).rejects.toThrow("no answer to a ping within 15 s");
  });

  test("whoever gives up before there is a connection is told at once, and closing waits for none", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    // Nothing moves this clock: the connection would be tried for ever.
    const transport = transportWith({
      server: `https://127.0.0.1:${port}`,
      clock: new ManualClock(),
    });
    const abort = new AbortController();
    const asked = expect(transport({ ...get("/x"), signal: abort.signal })).rejects.toThrow(
      "GET /x at https://127.0.0.1:",
    );
    const [socket] = (await once(silent, "connection")) as [Socket];
    abort.abort();
    await asked;
    const ended = once(socket.resume(), "close");
    await transport.close();
    await ended;
    silent.close();
  });

  test("many requests share one connection", async () => {
    const client = clientWith();
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.raw("GET", `/${i}`)));
    expect(sessions.size).toBe(1);
  });

  test("an unreachable server is named with the reason, and a closed client refuses", async () => {
    const transport = transportWith({ server: "https://127.0.0.1:1" });
    const client = createClient(transport);
    await expect(client.raw("GET", "/x")).rejects.toThrow(
      "GET /x at https://127.0.0.1:1 failed: connect ECONNREFUSED",
    );
    await transport.close();
    await expect(client.raw("GET", "/x")).rejects.toThrow("the client is closed");
  });
});

function answer(stream: ServerHttp2Stream, status: number, value: unknown): void {
  stream.respond({ ":status": status, "content-type": "application/json" });
  stream.end(JSON.stringify(value));
}

function frame(type: WatchFrame["type"], name: string): string {
  return `${JSON.stringify({ type, object: { kind: "Note", metadata: { name, resourceVersion: "2" } } })}\n`;
}

function get(path: string, query = ""): ApiRequest {
  return { method: "GET", path, query: new URLSearchParams(query) };
}

async function drain(response: Awaited<ReturnType<ReturnType<typeof restTransport>>>) {
  if (response.type !== "watch") throw new Error(`expected a watch, got ${response.type}`);
  let count = 0;
  for await (const _frame of response.events) count += 1;
  return count;
}
