import { errors } from "#api/machinery/status-error";
import {
  type OpenPort,
  portForwardProtocol,
  serveSpdyPortForward,
} from "#control-plane/apiserver/streams/spdy-port-forward";
import { nodeOf, targetOf } from "#control-plane/apiserver/streams/target";
import type { StreamRoutesOptions, Upgrade } from "#control-plane/apiserver/streams/types";
import { acceptSpdy, negotiate, transportOf } from "#control-plane/apiserver/streams/upgrade";
import { acceptWebSocket, offeredProtocols } from "#control-plane/apiserver/streams/websocket";
import {
  acceptTunnel,
  serveChannelPortForward,
  tunnelProtocol,
} from "#control-plane/apiserver/streams/websocket-port-forward";

const maxPorts = 16;

/** port-forward by SPDY, by SPDY in a WebSocket, or by WebSocket channels. Throws before the handshake. */
export async function servePortForward(
  { nodeStreams }: StreamRoutesOptions,
  { req, socket, head, query, pod }: Upgrade,
): Promise<void> {
  const nodeName = nodeOf(pod);
  const phase = pod.status?.phase;
  if (phase !== "Running") {
    throw errors.badRequest(
      `unable to forward port because pod is not running. Current status=${phase ?? "Pending"}`,
    );
  }
  const target = targetOf(pod, "");
  const open: OpenPort = (port) => {
    if (!isPort(port)) throw errors.badRequest(`"${port}" is not a port`);
    return nodeStreams.open(nodeName, { ...target, type: "portForward", port });
  };
  if (transportOf(req) === "spdy") {
    acceptSpdy(socket, head, negotiate(req, [portForwardProtocol]));
    return serveSpdyPortForward(socket, open);
  }
  if (offeredProtocols(req).includes(tunnelProtocol)) {
    return serveSpdyPortForward(await acceptTunnel(req, socket, head), open);
  }
  const ports = query.getAll("ports").flatMap((it) => it.split(",").map(Number));
  if (ports.length === 0 || ports.length > maxPorts || !ports.every(isPort)) {
    throw errors.badRequest(`query parameter "ports" must have 1 to ${maxPorts} ports`);
  }
  return serveChannelPortForward(await acceptWebSocket(req, socket, head), ports, open);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
