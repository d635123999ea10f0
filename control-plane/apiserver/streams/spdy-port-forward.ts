import type { Duplex } from "node:stream";
import type { NodeStream } from "#control-plane/apiserver/node-streams";
import { forward } from "#control-plane/apiserver/streams/forward";
import { SpdyConnection, type SpdyStream } from "#control-plane/apiserver/streams/spdy/connection";

export const portForwardProtocol = "portforward.k8s.io";

/** Error streams that wait for their data stream. */
const maxUnpaired = 64;

export type OpenPort = (port: number) => Promise<NodeStream>;

/**
 * Port-forward over SPDY: for each TCP connection the client opens an error stream and a data stream with the
 * same requestID. Resolves when the client is gone.
 */
export async function serveSpdyPortForward(socket: Duplex, open: OpenPort): Promise<void> {
  const connection = new SpdyConnection(socket);
  const unpaired = new Map<string, SpdyStream>();
  await connection.serve((stream) => {
    const type = stream.headers.get("streamtype");
    // Clients before 1.2 sent no id; then the pair is told by consecutive stream ids.
    const id = stream.headers.get("requestid") ?? `#${pairOf(stream, type)}`;
    if (type === "error") {
      if (unpaired.size >= maxUnpaired) return stream.reset();
      unpaired.set(id, stream);
      return;
    }
    const errorStream = unpaired.get(id);
    unpaired.delete(id);
    if (type !== "data" || !errorStream) return stream.reset();
    void servePair(stream, errorStream, open);
  });
}

function pairOf(stream: SpdyStream, type: string | undefined): number {
  return type === "error" ? stream.id : stream.id - 2;
}

/** Never rejects: what goes wrong is told to the user on the error stream. */
async function servePair(data: SpdyStream, errors: SpdyStream, open: OpenPort): Promise<void> {
  const port = Number(data.headers.get("port"));
  try {
    const problem = await forward(data, await open(port));
    if (problem) await errors.write(Buffer.from(forwardError(port, problem)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await errors.write(Buffer.from(forwardError(port, why))).catch(() => undefined);
    data.reset();
  }
  data.end();
  errors.end();
}

export function forwardError(port: number, why: string): string {
  return `an error occurred forwarding ${port}: ${why}`;
}
