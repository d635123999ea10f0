import { once } from "node:events";
import type { Writable } from "node:stream";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { stringify as toYaml } from "yaml";
import type { ApiResponse, WatchFrame } from "#client/transport";
import { wantsYaml } from "#control-plane/apiserver/serving/negotiation";

/** What of a request decides how its response is written. */
export interface ResponsePreferences {
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** The head and the body of an HTTP response that is complete. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

const GZIP_LEAST_BYTES = 128 * 1024;
const WARNING_MOST_CHARACTERS = 256;
const WARNINGS_MOST_CHARACTERS = 4096;
const gzipBytes = promisify(gzip);

export async function wholeResponse(
  response: Extract<ApiResponse, { type: "json" | "bytes" }>,
  preferences: ResponsePreferences,
): Promise<WholeResponse> {
  const headers: Record<string, string | string[]> = { "cache-control": "no-cache, private" };
  let { status } = response;
  let body: Uint8Array;
  if (response.type === "bytes") {
    body = response.bytes;
    headers["content-type"] = response.contentType;
    headers.vary = "Accept";
    if (response.etag) {
      headers.etag = response.etag;
      if (preferences.ifNoneMatch === response.etag) {
        status = 304;
        body = new Uint8Array();
      }
    }
  } else {
    const isYaml = wantsYaml(preferences.accept);
    body = isYaml ? Buffer.from(toYaml(response.value)) : bytesOf(response);
    headers["content-type"] = isYaml ? "application/yaml" : "application/json";
    const { warnings = [] } = response;
    if (warnings.length > 0) headers.warning = warningHeaders(warnings);
    const retryAfter = retryAfterOf(response.value);
    if (status >= 400 && retryAfter) headers["retry-after"] = String(retryAfter);
  }
  if (body.byteLength >= GZIP_LEAST_BYTES && /\bgzip\b/.test(preferences.acceptEncoding ?? "")) {
    body = await gzipBytes(body, { level: 1 });
    headers["content-encoding"] = "gzip";
  }
  return { status, headers, body };
}

function bytesOf(response: Extract<ApiResponse, { type: "json" }>): Uint8Array {
  return response.bytes ?? Buffer.from(JSON.stringify(response.value));
}

/** What clients and proxies take; the warnings beyond it are left out. */
function warningHeaders(warnings: readonly string[]): string[] {
  const headers: string[] = [];
  let left = WARNINGS_MOST_CHARACTERS;
  for (const text of warnings) {
    const header = warningHeader(text.slice(0, WARNING_MOST_CHARACTERS));
    left -= header.length;
    if (left < 0) break;
    headers.push(header);
  }
  return headers;
}

/** RFC 7234 warn-code 299 with a quoted text; control characters could split the header. */
function warningHeader(text: string): string {
  const plain = text.replace(/[^ -~]/gu, "?");
  return `299 - "${plain.replace(/["\\]/g, "\\$&")}"`;
}

function retryAfterOf(value: unknown): number | undefined {
  return (value as { details?: { retryAfterSeconds?: number } } | null)?.details?.retryAfterSeconds;
}

/** Writes frames as they come, never faster than the client reads them. */
export async function writeFrames(
  frames: AsyncIterable<WatchFrame>,
  output: Writable,
): Promise<void> {
  for await (const frame of frames) {
    const line =
      frame.line ?? Buffer.from(`${JSON.stringify({ type: frame.type, object: frame.object })}\n`);
    if (!(await write(output, line))) return;
  }
}

export async function writeChunks(
  chunks: AsyncIterable<Uint8Array>,
  output: Writable,
): Promise<void> {
  for await (const chunk of chunks) if (!(await write(output, chunk))) return;
}

/**
 * What may wait in the process for one reader to take it. A stream calls itself full at 16 kB: some twenty events, and
 * a turn of the event loop for each twenty is too slow for a watcher of hundreds of writes a turn.
 */
const UNREAD_LIMIT_BYTES = 256 * 1024;

/** False when the reader has gone. */
async function write(output: Writable, bytes: Uint8Array): Promise<boolean> {
  if (output.destroyed || output.writableEnded) return false;
  if (output.write(bytes) || output.writableLength < UNREAD_LIMIT_BYTES) return true;
  const gone = new AbortController();
  const closed = once(output, "close", { signal: gone.signal }).then(() => false);
  const drained = once(output, "drain", { signal: gone.signal }).then(() => true);
  const outcome = await Promise.race([drained, closed]).catch(() => false);
  gone.abort();
  closed.catch(() => undefined); // the loser of the race ends with the abort
  drained.catch(() => undefined);
  return outcome;
}
