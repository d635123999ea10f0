import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import type { Server as TlsServer, TLSSocket } from "node:tls";
import fastify from "fastify";
import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse } from "#client/transport";
import type { ApiServer } from "#control-plane/apiserver/api-server";
import { impersonated } from "#control-plane/apiserver/auth/impersonate";
import { CA_PATH, caResponse, JOIN_PATH } from "#control-plane/apiserver/join";
import { BODY_LIMIT_BYTES, bodyTooLarge } from "#control-plane/apiserver/serving/body";
import {
  bearerToken,
  isMeant,
  protocolToken,
  userOf,
} from "#control-plane/apiserver/serving/credentials";
import { nameRequest, senderOf } from "#control-plane/apiserver/serving/network-request";
import type { DashboardFiles } from "#control-plane/apiserver/serving/dashboard";
import {
  wholeResponse,
  writeChunks,
  writeFrames,
} from "#control-plane/apiserver/serving/http-response";
import { failureResponse } from "#control-plane/apiserver/serving/responses";
import { refuseUpgrade } from "#control-plane/apiserver/streams/refuse";
import type { Log } from "#kit/log";

/** The API server on a port: TLS, HTTP/2 and HTTP/1.1, and nothing that `handle` could do itself. */
export interface HttpsServer {
  readonly port: number;
  /** For connections from now on. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void;
  close(): Promise<void>;
}

export interface HttpsOptions {
  readonly apiServer: ApiServer;
  readonly join: (token: string | undefined, body: unknown) => Promise<ApiResponse>;
  readonly dashboard?: DashboardFiles;
  readonly bindAddress: string;
  readonly port: number;
  /** PEM. Client certificates of this ca say who their bearer is. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly log: Log;
}

/** The part of fastify's request and reply that is used, for HTTP/1.1 and HTTP/2 alike. */
interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  readonly raw: { readonly socket: Duplex };
}

interface HttpReply {
  readonly raw: ServerResponse | Http2ServerResponse;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const SESSION_TIMEOUT_MS = 0;
/** A peer that vanished without a word would hold its watches and streams for ever. */
const KEEP_ALIVE_MS = 30_000;
/** How long requests under way may take when the server is closed. Watches and streams have no end of their own. */
const CLOSE_GRACE_MS = 1_000;
/** How much of a body that is too large is still read, so that the refusal arrives. */
const DRAIN_LIMIT_BYTES = 64 * 1024 * 1024;
const DRAIN_LIMIT_MS = 2_000;
/** One for all requests: the stack trace of an own one would cost each of them. */
const OVER = new Error("the request is over");

export async function startHttps(options: HttpsOptions): Promise<HttpsServer> {
  const { apiServer, log } = options;
  const secureContext = { ...options.tls, minVersion: "TLSv1.2" } as const;
  const app = fastify({
    http2: true,
    http2SessionTimeout: SESSION_TIMEOUT_MS,
    https: {
      allowHTTP1: true,
      requestCert: true,
      rejectUnauthorized: false,
      ...secureContext,
    },
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4096 },
    frameworkErrors: (problem, request, reply) => {
      reply.hijack();
      respond(request, reply, failureResponse(errors.badRequest(problem.message))).catch(
        (failure: unknown) => log.error("a request failed", { url: request.url, error: failure }),
      );
    },
  });
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    return respond(request, reply, failureResponse(errors.methodNotAllowed()));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error, request, reply) => {
    const code = (error as { code?: string }).code;
    const isTooLarge = code === "FST_ERR_CTP_BODY_TOO_LARGE";
    const known = isTooLarge ? bodyTooLarge() : error;
    if (isTooLarge) await drained(request.raw);
    if (!(known instanceof StatusError)) log.error("a request failed", { url: request.url, error });
    reply.hijack();
    return respond(request, reply, failureResponse(known));
  });
  app.route({
    method: [...METHODS],
    url: "/*",
    handler: async (request, reply) => {
      reply.hijack();
      await answer(options, request, reply);
    },
  });
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(apiServer, request, socket, head, log).catch((error: unknown) => {
      log.error("a stream request failed", { url: request.url, error });
      socket.destroy();
    });
  });
  app.server.on("secureConnection", (socket: TLSSocket) => {
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  });
  // Those below TLS: who connects and says nothing has no other yet, and the server's end waits for it all the same.
  const sockets = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await app.listen({ host: options.bindAddress, port: options.port });
  return {
    port: (app.server.address() as AddressInfo).port,
    setCertificate: ({ cert, key }) =>
      (app.server as unknown as TlsServer).setSecureContext({ ...secureContext, cert, key }),
    async close() {
      const cutOff = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_GRACE_MS);
      await app.close();
      clearTimeout(cutOff);
    },
  };
}

/**
 * Reads the rest of a refused body, within bounds. A connection that is closed with unread data is reset, and the
 * client would see a broken pipe where it should read why it was refused.
 */
function drained(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, DRAIN_LIMIT_MS);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    body.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAIN_LIMIT_BYTES) finish();
    });
    for (const event of ["end", "close", "error"]) body.once(event, finish);
    body.resume();
  });
}

async function answer(
  { apiServer, join, dashboard, tls, log }: HttpsOptions,
  request: HttpRequest,
  reply: HttpReply,
): Promise<void> {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort(OVER));
  try {
    const [path, search] = splitUrl(request.url);
    if (path === JOIN_PATH && request.method === "POST") {
      const token = bearerToken(request.headers.authorization);
      return await respond(request, reply, await join(token, parsedJson(request.body)));
    }
    if (path === CA_PATH && request.method === "GET") {
      return await respond(request, reply, caResponse(tls.ca));
    }
    const { "accept-encoding": acceptEncoding } = request.headers;
    const page = request.method === "GET" && dashboard?.serve(path, String(acceptEncoding ?? ""));
    if (page) {
      reply.raw.writeHead(page.status, { ...page.headers, "content-length": page.body.byteLength });
      reply.raw.end(page.body);
      return;
    }
    const socket = request.raw.socket as TLSSocket;
    const session = sessionOf(request.raw);
    const user = await senderOf(apiServer, request.headers, { socket, session });
    const named = nameRequest(apiServer, request, user, (name, value) =>
      reply.raw.setHeader(name, value),
    );
    const apiRequest = { ...apiRequestOf(request, path, search, gone.signal), ...named };
    const response = await apiServer.handle(user ? { ...apiRequest, user } : apiRequest);
    await respond(request, reply, response);
  } catch (error) {
    const isOurs = !(error instanceof StatusError) && !gone.signal.aborted;
    if (isOurs) log.error("a request failed", { url: request.url, error });
    if (reply.raw.headersSent) reply.raw.destroy();
    else await respond(request, reply, failureResponse(error));
  } finally {
    gone.abort(OVER);
  }
}

/** undefined for HTTP/1.1. */
function sessionOf(raw: object): object | undefined {
  return (raw as { stream?: { session?: object } }).stream?.session;
}

function apiRequestOf(
  request: HttpRequest,
  path: string,
  search: string | undefined,
  signal: AbortSignal,
): ApiRequest {
  const { headers, body } = request;
  return {
    method: request.method as ApiRequest["method"],
    path,
    query: new URLSearchParams(search),
    signal,
    ...(headers["content-type"] ? { contentType: headers["content-type"] } : {}),
    ...(headers.accept ? { accept: headers.accept } : {}),
    ...(headers["user-agent"] ? { userAgent: headers["user-agent"] } : {}),
    ...(body instanceof Uint8Array && body.byteLength > 0 ? { body } : {}),
  };
}

async function respond(
  request: HttpRequest,
  reply: HttpReply,
  response: ApiResponse,
): Promise<void> {
  const { raw } = reply;
  if (raw.destroyed) return;
  if (response.type === "watch" || response.type === "stream") {
    const type = response.type === "watch" ? "application/json" : response.contentType;
    raw.writeHead(200, { "content-type": type, "cache-control": "no-cache, private" });
    // The client learns at once that the stream is open, before anything happens on it.
    (raw as unknown as { flushHeaders?: () => void }).flushHeaders?.();
    if (response.type === "watch") await writeFrames(response.events, raw);
    else await writeChunks(response.chunks, raw);
    raw.end();
    return;
  }
  const { headers } = request;
  const acceptEncoding = headers["accept-encoding"];
  const whole = await wholeResponse(response, {
    accept: headers.accept,
    acceptEncoding: Array.isArray(acceptEncoding) ? acceptEncoding.join() : acceptEncoding,
    ifNoneMatch: headers["if-none-match"],
  });
  raw.writeHead(whole.status, { ...whole.headers, "content-length": whole.body.byteLength });
  raw.end(whole.body);
}

/** exec, attach and port-forward come as HTTP/1.1 upgrades and leave HTTP behind. */
async function upgrade(
  apiServer: ApiServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  log: Log,
): Promise<void> {
  const [path] = splitUrl(request.url ?? "/");
  const refuse = (status: string): void => {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };
  socket.on("error", (error) => log.debug("an upgraded connection broke", { error }));
  try {
    const { headers } = request;
    const tls = request.socket as TLSSocket;
    const token = headers.authorization ?? protocolToken(headers["sec-websocket-protocol"]);
    if (!isMeant(token, headers)) return refuse("403 Forbidden");
    const sender = await userOf(apiServer.authenticator, tls, token);
    const user = await impersonated(sender, request.headers, apiServer.authorizer);
    if (!user) return refuse("401 Unauthorized");
    if (!apiServer.streams.matches(path)) return refuse("404 Not Found");
    const letGo = apiServer.flowControl.hold(user);
    socket.once("close", letGo);
    // It may have gone while its user was found out.
    if (socket.destroyed) return letGo();
    await apiServer.streams.handleUpgrade(request, socket, head, user);
  } catch (error) {
    refuseUpgrade(socket, error); // a bearer token that is not valid, someone who may not be impersonated
  }
}

function splitUrl(url: string): [string, string | undefined] {
  const at = url.indexOf("?");
  return at < 0 ? [url, undefined] : [url.slice(0, at), url.slice(at + 1)];
}

function parsedJson(body: unknown): unknown {
  try {
    return body instanceof Uint8Array ? JSON.parse(Buffer.from(body).toString()) : body;
  } catch {
    return undefined; // the join then says which field is missing
  }
}
