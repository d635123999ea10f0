import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Pod } from "#api/schema/types";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

export interface StreamRoutes {
  /** True for the paths that handleUpgrade serves: /api/v1/namespaces/NS/pods/NAME/(exec|attach|portforward). */
  matches(path: string): boolean;
  /**
   * Takes over the socket of an HTTP/1.1 upgrade (WebSocket or SPDY/3.1); refusals are answered on it as a
   * Status. Never throws.
   */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, user: UserInfo): Promise<void>;
  /** GET /api/v1/namespaces/NS/pods/NAME/log: a "stream", or a "json" Status. Authorized by the caller. */
  logs(request: ApiRequest): Promise<ApiResponse>;
  /** Ends every open stream. */
  close(): void;
}

export interface StreamRoutesOptions {
  readonly nodeStreams: NodeStreams;
  /** Throws StatusError 404. */
  getPod(namespace: string, name: string): Promise<Pod>;
  /** Throws StatusError 403. */
  authorize(user: UserInfo, access: StreamAccess): Promise<void> | void;
  readonly log: Log;
  /** Of use in tests; the system's otherwise. */
  readonly clock?: Clock;
}

export interface StreamAccess {
  /** GET (WebSocket) is "get", POST (SPDY) is "create". */
  readonly verb: "get" | "create";
  readonly namespace: string;
  readonly name: string;
  readonly subresource: "exec" | "attach" | "portforward";
}

/** An upgrade request on its way to one of the streaming subresources. */
export interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly query: URLSearchParams;
  readonly pod: Pod;
}
