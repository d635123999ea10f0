import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from "node:http2";
import { constants } from "node:http2";
import { type LivenessLimits, SessionKeeper } from "#client/http2-session";
import { jsonLines } from "#client/json-lines";
import type { ApiRequest, ApiResponse, Transport, WatchFrame } from "#client/transport";
import type { Clock } from "#kit/clock";
import { systemClock } from "#kit/clock";
import { errorChain } from "#kit/log";

export interface RestOptions {
  /** "https://127.0.0.1:6443". */
  readonly server: string;
  /** PEM. */
  readonly ca?: string | Uint8Array;
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** Asked at each new connection, for certificates that are renewed while the process runs. */
  readonly reload?: () => Promise<Pick<RestOptions, "ca" | "cert" | "key">>;
  readonly token?: string;
  readonly userAgent?: string;
  readonly isInsecure?: boolean;
  /** Until the answer is complete; for watches and streams until it begins. */
  readonly requestTimeoutMs?: number;
  readonly maxBodyBytes?: number;
  readonly maxLineBytes?: number;
  readonly clock?: Clock;
  /** Default: patient, for a server that has no other. */
  readonly liveness?: LivenessLimits;
}

export const REQUEST_TIMEOUT_MS = 60_000;
/** A list of 100,000 pods has some 200 MB. */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;
/** One object: the API server's own limit is 3 MiB. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** Requests to one API server over one HTTP/2 session. Throws an Error with a cause when it cannot be reached. */
export function restTransport(options: RestOptions): Transport & { close(): Promise<void> } {
  const clock = options.clock ?? systemClock;
  const tls = async () => tlsOptions({ ...options, ...(await options.reload?.()) });
  const keeper = new SessionKeeper(options.server, tls, clock, options.liveness);
  const transport = async (request: ApiRequest): Promise<ApiResponse> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await exchange(keeper, request, options, clock);
      } catch (cause) {
        // Once, on a new session: the server may have closed the old one while it was idle.
        if (attempt === 0 && cause instanceof UnansweredError && !request.signal?.aborted) continue;
        const reason = errorChain(cause instanceof NoConnectionError ? cause.cause : cause);
        const sentence = `${request.method} ${request.path} at ${options.server} failed: ${reason}`;
        const hasNoEffect = cause instanceof UnansweredError || cause instanceof NoConnectionError;
        throw new RequestError(sentence, cause, request.method === "GET" || hasNoEffect);
      }
    }
  };
  return Object.assign(transport, { close: () => keeper.close() });
}

/** No answer, or not the whole of it. */
export class RequestError extends Error {
  override name = "RequestError";
  /** Whether asking another server cannot do anything twice. */
  readonly isRepeatable: boolean;

  constructor(message: string, cause: unknown, isRepeatable: boolean) {
    super(message, { cause });
    this.isRepeatable = isRepeatable;
  }
}

/** Nothing was sent. */
class NoConnectionError extends Error {
  override name = "NoConnectionError";
}

/** The connection ended before any answer, and the request is safe to send again. */
class UnansweredError extends Error {
  override name = "UnansweredError";
}

type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

async function exchange(
  keeper: SessionKeeper,
  request: ApiRequest,
  options: RestOptions,
  clock: Clock,
): Promise<ApiResponse> {
  const session = await unlessAborted(keeper.get(), request.signal).catch((cause: unknown) => {
    throw new NoConnectionError("no connection", { cause });
  });
  request.signal?.throwIfAborted();
  const stream = openStream(session, headersOf(request, options));
  keeper.hold(session, stream);
  const timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const cancelDeadline = clock.after(timeoutMs, () =>
    stream.destroy(new Error(`no complete answer within ${timeoutMs / 1000} s`)),
  );
  const abort = (): void => {
    stream.close(constants.NGHTTP2_CANCEL);
  };
  request.signal?.addEventListener("abort", abort, { once: true });
  const release = (): void => {
    cancelDeadline();
    request.signal?.removeEventListener("abort", abort);
  };
  stream.once("close", release);
  stream.end(bodyOf(request));
  const headers = await responseHeaders(stream, request);
  const kind = kindOf(request, headers);
  if (kind === "whole") return wholeResponse(stream, headers, options);
  cancelDeadline();
  return streamedResponse(kind, stream, headers, options);
}

/** Whoever gives up does not wait until a connection is there; others may use it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    const release = (): void => signal.removeEventListener("abort", abort);
    void promise.then(resolve, reject).finally(release);
  });
}

function openStream(session: ClientHttp2Session, headers: OutgoingHttpHeaders): ClientHttp2Stream {
  try {
    return session.request(headers, { endStream: false });
  } catch (cause) {
    // The session ended after it was handed out; nothing was sent.
    throw new UnansweredError("no connection", { cause });
  }
}

/** Resolves with the headers; the stream keeps an error listener, so that a late failure only reaches its reader. */
function responseHeaders(stream: ClientHttp2Stream, request: ApiRequest): Promise<ResponseHeaders> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
      const isLost = request.method === "GET" && stream.session?.destroyed !== false;
      reject(isRefused || isLost ? new UnansweredError("no answer", { cause }) : cause);
    };
    stream.once("response", resolve);
    stream.on("error", fail);
    stream.once("close", () =>
      fail(
        request.signal?.aborted ? request.signal.reason : new Error("the connection was closed"),
      ),
    );
  });
}

/** Of any size: read as it comes. */
const BACKUP_PATH = "/kaji/v1/backup";

function kindOf(request: ApiRequest, headers: ResponseHeaders): "watch" | "stream" | "whole" {
  if (headers[":status"] !== 200) return "whole";
  const watch = request.query.get("watch");
  if (watch !== null && watch !== "false" && watch !== "0") return "watch";
  const isStream = request.path.endsWith("/log") || request.path === BACKUP_PATH;
  return isStream ? "stream" : "whole";
}

function streamedResponse(
  kind: "watch" | "stream",
  stream: ClientHttp2Stream,
  headers: ResponseHeaders,
  options: RestOptions,
): ApiResponse {
  const contentType = headers["content-type"] ?? "";
  if (kind === "stream") return { type: "stream", status: 200, contentType, chunks: stream };
  const frames = jsonLines(stream, options.maxLineBytes ?? MAX_LINE_BYTES);
  return { type: "watch", status: 200, events: frames as AsyncGenerator<WatchFrame> };
}

async function wholeResponse(
  stream: ClientHttp2Stream,
  headers: ResponseHeaders,
  options: RestOptions,
): Promise<ApiResponse> {
  const status = Number(headers[":status"]);
  const contentType = headers["content-type"] ?? "";
  const bytes = await readAll(stream, options.maxBodyBytes ?? MAX_BODY_BYTES);
  if (!/[/+]json\b/.test(contentType)) {
    const { etag } = headers;
    return { type: "bytes", status, contentType, bytes, ...(etag ? { etag } : {}) };
  }
  const value: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
  const warnings = warningsOf(headers);
  return { type: "json", status, value, bytes, ...(warnings.length > 0 ? { warnings } : {}) };
}

async function readAll(stream: ClientHttp2Stream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new Error(`the answer is larger than the limit of ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error("the answer was cut short");
  return Buffer.concat(chunks);
}

function headersOf(request: ApiRequest, options: RestOptions): OutgoingHttpHeaders {
  const search = request.query.toString();
  const userAgent = request.userAgent ?? options.userAgent;
  return {
    ":method": request.method,
    ":path": `${request.path}${search ? `?${search}` : ""}`,
    accept: request.accept ?? "application/json",
    ...(request.contentType ? { "content-type": request.contentType } : {}),
    ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
    ...(userAgent ? { "user-agent": userAgent } : {}),
  };
}

function bodyOf({ body }: ApiRequest): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return Buffer.from(JSON.stringify(body));
}

/** `299 - "text"`, RFC 7234 section 5.5; several may share a header. */
function warningsOf(headers: ResponseHeaders): string[] {
  const header = headers["warning"];
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) =>
    quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

function tlsOptions({ ca, cert, key, isInsecure }: RestOptions) {
  const pem = (value: string | Uint8Array) =>
    typeof value === "string" ? value : Buffer.from(value);
  return {
    ...(ca ? { ca: pem(ca) } : {}),
    ...(cert ? { cert: pem(cert) } : {}),
    ...(key ? { key: pem(key) } : {}),
    ...(isInsecure ? { rejectUnauthorized: false } : {}),
  };
}
