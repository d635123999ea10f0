import type { RequestTrace } from "#kit/trace";

/**
 * The seam between a client and an API server: one request, one response. Two implementations, the same
 * behaviour: client/rest (HTTPS) and the API server's own `handle` (loopback, in process, nothing serialized).
 */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Without the query: "/api/v1/namespaces/default/pods/web". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Media type of the body; for PATCH it chooses the patch. */
  readonly contentType?: string;
  readonly accept?: string;
  /** Parsed JSON (the receiver may not change it), or bytes exactly as they came in. */
  readonly body?: unknown;
  /** Who asks: set by the server's authenticator, or fixed for a loopback client. */
  readonly user?: UserInfo;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
  /** What the log and the trace call this request; set by the server that takes it from the network. */
  readonly auditId?: string;
  readonly trace?: RequestTrace;
}

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type ApiResponse =
  /** `value` is frozen or fresh; `bytes`, where present, is the same already serialized. */
  | {
      readonly type: "json";
      readonly status: number;
      readonly value: unknown;
      readonly bytes?: Uint8Array;
      readonly warnings?: readonly string[];
    }
  | { readonly type: "watch"; readonly status: 200; readonly events: AsyncIterable<WatchFrame> }
  | {
      readonly type: "bytes";
      readonly status: number;
      readonly contentType: string;
      readonly bytes: Uint8Array;
      readonly etag?: string;
    }
  | {
      readonly type: "stream";
      readonly status: 200;
      readonly contentType: string;
      readonly chunks: AsyncIterable<Uint8Array>;
    };

export interface WatchFrame {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  /** The object, a bookmark (kind and resourceVersion only) or, with ERROR, a Status. */
  readonly object: unknown;
  /** The line `{"type":...,"object":...}\n`, when the sender has it serialized. */
  readonly line?: Uint8Array;
  /** Present when other watchers get the same frame: what is made of it once is there for them too. */
  readonly shared?: SharedLines;
}

/** Lines that several watchers see, by the form that they asked for. */
export interface SharedLines {
  lineAs(form: string, make: () => string): Uint8Array;
}

/** Never throws a StatusError: failures are a "json" response with a Status. Throws when unreachable. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;
