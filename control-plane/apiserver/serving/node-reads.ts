import { errors } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import { ANONYMOUS } from "#control-plane/apiserver/auth/authenticate";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { decodeSegment } from "#control-plane/apiserver/serving/request-path";
import type { Clock } from "#kit/clock";
import { EXPOSITION } from "#kit/metrics";

/**
 * What agents tell of themselves, over the connection that they have made: a node needs no open port. Metrics are
 * where Prometheus' own configuration for Kubernetes looks for them: nodes/NAME/proxy/metrics.
 */
export interface NodeReads {
  /** undefined: the path is another's. Authorizes. */
  serve(request: ApiRequest, user: UserInfo): Promise<ApiResponse> | undefined;
  /** Throws StatusError when the node cannot be asked; an Error when it is late or says too much. */
  read(nodeName: string, path: NodePath): Promise<Uint8Array>;
}

export type NodePath = "/metrics" | `/spans?${string}`;

const METRICS_PATH = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/metrics$/;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_WAIT_MS = 5_000;

export function createNodeReads(
  streams: Pick<NodeStreams, "open">,
  authorizer: Authorizer,
  clock: Clock,
): NodeReads {
  const read: NodeReads["read"] = (nodeName, path) => readFrom(streams, clock, nodeName, path);
  return {
    read,
    serve(request, user) {
      const name = METRICS_PATH.exec(request.path)?.[1];
      if (name === undefined) return undefined;
      return metricsOf(decodeSegment(name), request, user);
    },
  };

  async function metricsOf(
    name: string,
    { method }: ApiRequest,
    user: UserInfo,
  ): Promise<ApiResponse> {
    if (user === ANONYMOUS) throw errors.unauthorized();
    const access = { verb: method.toLowerCase(), group: "", resource: "nodes", name };
    await authorizer.authorize(user, { ...access, namespace: undefined, subresource: "proxy" });
    if (method !== "GET") throw errors.methodNotAllowed();
    const bytes = await read(name, "/metrics");
    return { type: "bytes", status: 200, contentType: EXPOSITION, bytes };
  }
}

async function readFrom(
  streams: Pick<NodeStreams, "open">,
  clock: Clock,
  nodeName: string,
  path: NodePath,
): Promise<Uint8Array> {
  const noPod = { namespace: "", pod: "", uid: "", container: "" };
  const stream = await streams.open(nodeName, { ...noPod, type: "read", path });
  const cancelTimer = clock.after(MAX_WAIT_MS, () => stream.cancel());
  try {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream.chunks) {
      if (chunk.type === "status") {
        requireWhole(nodeName, path, chunk.status);
        return Buffer.concat(parts);
      }
      if (chunk.type !== "data") continue;
      size += chunk.bytes.byteLength;
      if (size > MAX_BYTES) throw errors.internal(`node ${nodeName} says too much at ${path}`);
      parts.push(chunk.bytes);
    }
    throw errors.unavailable(
      `node ${nodeName} did not say all of ${path} within ${MAX_WAIT_MS / 1000} s`,
    );
  } finally {
    cancelTimer();
    stream.cancel();
  }
}

/** A node that fails in the middle has said a part: nobody may take it for all. */
function requireWhole(nodeName: string, path: NodePath, status: unknown): void {
  const { status: result, message } = status as { status?: string; message?: string };
  if (result !== "Failure") return;
  throw errors.unavailable(`node ${nodeName} did not say all of ${path}: ${message ?? ""}`);
}
