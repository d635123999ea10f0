import { randomUUID } from "node:crypto";
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { errors, StatusError } from "#api/machinery/status-error";
import type { NodeStream } from "#control-plane/apiserver/node-streams";
import type { Cancel, Clock } from "#kit/clock";
import type { OpenStream, ServerMessage, StreamFrame } from "#proto/agent";
import { type FramedChunk, type FramedStream, framedStream } from "#proto/framed-stream";

export type StreamCall = ServerDuplexStream<StreamFrame, StreamFrame>;

/** An agent that does not open the stream within this time has failed the request. */
const openTimeoutMs = 10_000;
/** Streams of one node at a time, opening ones included. */
const maxStreamsPerNode = 256;

interface Opening {
  readonly nodeName: string;
  resolve(stream: NodeStream): void;
  reject(error: unknown): void;
  readonly cancelTimeout: Cancel;
}

export interface StreamBroker {
  /** Asks the node by `send` to open the stream; its id is given here. */
  open(
    nodeName: string,
    request: OpenStream,
    send: (message: ServerMessage) => void,
  ): Promise<NodeStream>;
  /** A Stream call came in from this node. */
  accept(nodeName: string, streamId: string, call: StreamCall): void;
  refused(nodeName: string, streamId: string, why: string): void;
  /** The node's session ended: what is opening fails. Open streams live on while their connection does. */
  disconnected(nodeName: string): void;
}

/** Brings together the user who asks for a stream and the agent who opens it. */
export function createStreamBroker(clock: Clock): StreamBroker {
  const openings = new Map<string, Opening>();
  const counts = new Map<string, number>();

  const take = (nodeName: string, streamId: string): Opening | undefined => {
    const opening = openings.get(streamId);
    // A node may answer only for what it was asked.
    if (opening?.nodeName !== nodeName) return undefined;
    openings.delete(streamId);
    opening.cancelTimeout();
    return opening;
  };
  const count = (nodeName: string, change: 1 | -1): void => {
    const next = (counts.get(nodeName) ?? 0) + change;
    if (next > 0) counts.set(nodeName, next);
    else counts.delete(nodeName);
  };
  const fail = (nodeName: string, streamId: string, error: StatusError): void => {
    const opening = take(nodeName, streamId);
    if (!opening) return;
    count(nodeName, -1);
    opening.reject(error);
  };
  return {
    open(nodeName, request, send) {
      if ((counts.get(nodeName) ?? 0) >= maxStreamsPerNode) {
        throw errors.tooManyRequests(`too many streams are open on node ${nodeName}`, 5);
      }
      const streamId = randomUUID();
      count(nodeName, 1);
      return new Promise((resolve, reject) => {
        const cancelTimeout = clock.after(openTimeoutMs, () => {
          const why = `node ${nodeName} has not answered within ${openTimeoutMs / 1000} s`;
          fail(nodeName, streamId, errors.timeout(why));
        });
        openings.set(streamId, { nodeName, resolve, reject, cancelTimeout });
        send({ message: "openStream", openStream: { ...request, streamId } });
      });
    },
    accept(nodeName, streamId, call) {
      const opening = take(nodeName, streamId);
      if (!opening) {
        const details = `no stream ${streamId} was asked of node ${nodeName}`;
        call.emit("error", { code: status.NOT_FOUND, details });
        return;
      }
      whenOver(call, () => count(nodeName, -1));
      opening.resolve(toNodeStream(call));
    },
    refused: (nodeName, streamId, why) => fail(nodeName, streamId, errors.badRequest(why)),
    disconnected(nodeName) {
      for (const [streamId, opening] of openings) {
        if (opening.nodeName === nodeName) fail(nodeName, streamId, notConnected(nodeName));
      }
    },
  };
}

/** A call that we have ended is over even when the rest of what the agent sent is never read. */
function whenOver(call: StreamCall, callback: () => void): void {
  let isOver = false;
  for (const event of ["finish", "close"]) {
    call.once(event, () => {
      if (!isOver) callback();
      isOver = true;
    });
  }
}

export function notConnected(nodeName: string): StatusError {
  return errors.unavailable(`node ${nodeName} is not connected to the control plane`);
}

function toNodeStream(call: StreamCall): NodeStream {
  let isCancelled = false;
  const framed = framedStream(call);
  return {
    chunks: untilStatus(framed),
    send: (chunk) => framed.send(chunk),
    cancel() {
      if (isCancelled || call.destroyed) return;
      isCancelled = true;
      const why = "the user has gone";
      call.emit("error", Object.assign(new Error(why), { code: status.CANCELLED, details: why }));
    },
  };
}

/** However the reader stops, our side is closed, which tells the agent that nobody listens. */
export async function* untilStatus(framed: FramedStream): AsyncGenerator<FramedChunk> {
  const iterator = framed.chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield value;
      if (value.type === "status") return;
    }
  } finally {
    framed.end();
  }
}
