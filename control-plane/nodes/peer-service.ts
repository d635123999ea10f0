import {
  Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { errors, StatusError } from "#api/machinery/status-error";
import type { NodeStream } from "#control-plane/apiserver/node-streams";
import type { AnswerPeer } from "#control-plane/apiserver/peers";
import type { Hub } from "#control-plane/nodes/hub";
import { isServer } from "#control-plane/nodes/peer";
import type { StreamCall } from "#control-plane/nodes/stream-broker";
import { errorChain } from "#kit/log";
import {
  type PeerMetricsReply,
  type PeerMetricsRequest,
  type PeerReadReply,
  type PeerReadRequest,
  toJson,
} from "#proto/agent";
import { type FramedStream, framedStream, framesOf } from "#proto/framed-stream";
import { statusKey } from "#proto/node-gateway";

/** What this server's gateway does for the other servers, whose users want something of the nodes here. */
type LocalNodes = Pick<Hub, "nodeStreams" | "openHere">;

const notAServer = "the client certificate is not a server's";

export async function serveRelay(nodes: LocalNodes, call: StreamCall): Promise<void> {
  try {
    if (!isServer(call)) throw errors.unauthorized(notAServer);
    const frames = framesOf(call)[Symbol.asyncIterator]();
    const { value: first } = await frames.next();
    if (first?.frame !== "relayOpen" || !first.relayOpen.open) {
      throw errors.badRequest("the first frame of a relayed stream must be relay_open");
    }
    const { nodeName = "", open } = first.relayOpen;
    const node = await nodes.openHere(nodeName, open);
    call.once("cancelled", () => node.cancel());
    if (call.cancelled) return node.cancel();
    // The headers say that the node has opened the stream.
    call.sendMetadata(new Metadata());
    await pump(framedStream(call, { [Symbol.asyncIterator]: () => frames }), node);
  } catch (error) {
    if (!call.destroyed) call.emit("error", refusalOf(error));
  }
}

export async function servePeerMetrics(
  nodes: LocalNodes,
  call: ServerUnaryCall<PeerMetricsRequest, PeerMetricsReply>,
  answer: sendUnaryData<PeerMetricsReply>,
): Promise<void> {
  if (!isServer(call)) return refuse(answer);
  const { nodeStreams } = nodes;
  try {
    const once = call.request.once ? await nodeStreams.measureOnce?.() : undefined;
    answer(null, {
      nodeMetricsJson: (once?.nodes ?? nodeStreams.nodeMetrics()).map(toJson),
      podMetricsJson: (once?.pods ?? nodeStreams.podMetrics()).map(toJson),
    });
  } catch (error) {
    answer({ code: status.UNAVAILABLE, details: errorChain(error) });
  }
}

export function servePeerRead(
  answerPeer: AnswerPeer,
  call: ServerUnaryCall<PeerReadRequest, PeerReadReply>,
  answer: sendUnaryData<PeerReadReply>,
): void {
  if (!isServer(call)) return refuse(answer);
  try {
    answer(null, { json: toJson(answerPeer(call.request.question ?? "")) });
  } catch (error) {
    answer({ code: status.INVALID_ARGUMENT, details: errorChain(error) });
  }
}

function refuse(answer: sendUnaryData<never>): void {
  answer({ code: status.PERMISSION_DENIED, details: notAServer });
}

/** Both ways until the node has ended, or the other server reads no more. */
async function pump(user: FramedStream, node: NodeStream): Promise<void> {
  let hasNodeEnded = false;
  const down = async (): Promise<void> => {
    for await (const chunk of node.chunks) await user.send(chunk);
    hasNodeEnded = true;
    user.end();
  };
  const up = async (): Promise<void> => {
    try {
      for await (const chunk of user.chunks) if (!hasNodeEnded) await node.send(chunk);
    } finally {
      if (!hasNodeEnded) node.cancel();
    }
  };
  const upward = up().catch((error: unknown) => {
    // What the node has said is worth more than what it was not told.
    if (!hasNodeEnded) throw error;
  });
  await Promise.all([down(), upward]);
}

/** Carries a StatusError whole: the user shall see the node's own reason. */
function refusalOf(error: unknown): Partial<StatusObject> & Error {
  const metadata = new Metadata();
  if (error instanceof StatusError) metadata.set(statusKey, Buffer.from(toJson(error.status)));
  const details = errorChain(error);
  return Object.assign(new Error(details), { code: status.ABORTED, details, metadata });
}
