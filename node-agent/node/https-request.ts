import { request } from "node:https";
import { connectionError } from "#node-agent/node/join-error";

/** One request before there is a session: bounded in time and size. */
export interface HttpsRequest {
  readonly method: "GET" | "POST";
  /** PEM; whom to trust. */
  readonly ca?: string;
  /** Trusts whoever answers: only for what is checked otherwise. */
  readonly isInsecure?: boolean;
  readonly token?: string;
  readonly body?: unknown;
  readonly nowMs: number;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1 << 20;

/** Throws JoinError when nothing was answered. */
export function httpsRequest(
  url: URL,
  wanted: HttpsRequest,
): Promise<{ status: number; text: string }> {
  const { method, ca, isInsecure, token, body, nowMs } = wanted;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(connectionError(url.origin, error, nowMs));
    const call = request(
      url,
      {
        method,
        headers,
        agent: false,
        timeout: TIMEOUT_MS,
        rejectUnauthorized: isInsecure !== true,
        ...(ca ? { ca } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) response.destroy(new Error("the answer is too long"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    call.on("error", fail);
    call.end(text);
  });
}
