import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline, type Readable } from "node:stream";

/**
 * One HTTP exchange, with what registries need and no more: keep-alive, redirects (credentials stay with the
 * host they were meant for), bounded waits, bodies as streams.
 */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Caller must read it to its end or destroy it. */
  readonly body: IncomingMessage;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

/** A registry that says nothing for so long is given up; the caller retries. */
export const IDLE_TIMEOUT_MS = 30_000;
export const MAX_REDIRECTS = 5;
const MAX_SOCKETS_PER_HOST = 8;
const USER_AGENT = "kaji/0.1";

export function createHttpClient(
  options: {
    readonly ca?: string;
    readonly verifiesTls?: boolean;
    readonly idleTimeoutMs?: number;
  } = {},
): HttpClient {
  const sockets = { keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST, timeout: 60_000 };
  const http = new HttpAgent(sockets);
  const https = new HttpsAgent({
    ...sockets,
    rejectUnauthorized: options.verifiesTls ?? true,
    ...(options.ca ? { ca: options.ca } : {}),
  });
  const idleTimeoutMs = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
  const once = (request: HttpRequest): Promise<HttpResponse> =>
    exchange(request, request.url.protocol === "https:" ? https : http, idleTimeoutMs);

  return {
    async send(request) {
      let current = request;
      for (let hop = 0; ; hop++) {
        const response = await once(current);
        const target = redirectTarget(current, response);
        if (!target) return response;
        response.body.resume();
        if (hop === MAX_REDIRECTS)
          throw new Error(`more than ${MAX_REDIRECTS} redirects from ${request.url}`);
        current = redirected(current, target);
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

/** Whole body as bytes; more than limitBytes is refused. */
export async function readBody(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new Error(`the answer is larger than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function exchange(
  request: HttpRequest,
  agent: HttpAgent | HttpsAgent,
  idleTimeoutMs: number,
): Promise<HttpResponse> {
  const { method, url, body, signal } = request;
  const headers = { "user-agent": USER_AGENT, ...request.headers };
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      agent,
      timeout: idleTimeoutMs,
      ...(signal ? { signal } : {}),
    };
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = start(url, options);
    outgoing.once("error", reject);
    outgoing.on("timeout", () => {
      outgoing.destroy(new Error(`no answer from ${url.host} within ${idleTimeoutMs / 1000} s`));
    });
    outgoing.once("response", (response) => {
      response.setTimeout(idleTimeoutMs, () => {
        response.destroy(new Error(`${url.host} stopped sending for ${idleTimeoutMs / 1000} s`));
      });
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response, url });
    });
    if (body === undefined) outgoing.end();
    else if (body instanceof Uint8Array) outgoing.end(body);
    else {
      pipeline(body, outgoing, (error) => {
        if (error) reject(error);
      });
    }
  });
}

function redirectTarget(request: HttpRequest, response: HttpResponse): URL | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(response.status);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRedirect || !isRead || !response.headers.location) return undefined;
  return new URL(response.headers.location, request.url);
}

function redirected(request: HttpRequest, url: URL): HttpRequest {
  if (url.protocol !== "https:" && request.url.protocol === "https:") {
    throw new Error(`${request.url.host} redirects from https to ${url.protocol}//${url.host}`);
  }
  const headers = Object.entries(request.headers ?? {}).filter(
    ([name]) => url.host === request.url.host || name.toLowerCase() !== "authorization",
  );
  return { ...request, url, headers: Object.fromEntries(headers) };
}
