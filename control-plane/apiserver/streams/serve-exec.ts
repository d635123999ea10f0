import type { IncomingHttpHeaders } from "node:http";
import { errors } from "#api/machinery/status-error";
import type { StreamRequest } from "#control-plane/apiserver/node-streams";
import { bridge, type RemoteUser } from "#control-plane/apiserver/streams/bridge";
import {
  spdyExecProtocols,
  spdyUser,
  type WantedStreams,
} from "#control-plane/apiserver/streams/spdy-exec";
import { containerOf, isFlagSet, nodeOf, targetOf } from "#control-plane/apiserver/streams/target";
import type { StreamRoutesOptions, Upgrade } from "#control-plane/apiserver/streams/types";
import { acceptSpdy, negotiate, transportOf } from "#control-plane/apiserver/streams/upgrade";
import {
  acceptWebSocket,
  announceOpen,
  execProtocols,
  offeredProtocols,
  webSocketUser,
} from "#control-plane/apiserver/streams/websocket";
import { type Clock, sleep } from "#kit/clock";
import { errorChain } from "#kit/log";

/** exec and attach. Throws only before the handshake; later failures are the stream's own Status. */
export async function serveExec(
  { log, nodeStreams }: StreamRoutesOptions,
  upgrade: Upgrade,
  type: "exec" | "attach",
  clock: Clock,
): Promise<void> {
  const request = execRequest(upgrade, type);
  const accept = prepare(upgrade, request, clock);
  const node = await nodeStreams.open(nodeOf(upgrade.pod), request);
  let user: RemoteUser;
  try {
    user = await accept();
  } catch (error) {
    node.cancel();
    log.info("a user left before the stream began", { error: errorChain(error) });
    upgrade.socket.destroy();
    return;
  }
  await bridge(user, node);
}

/** Chooses the protocol now, so that what cannot be spoken is refused before the node is asked. */
function prepare(
  { req, socket, head }: Upgrade,
  wanted: WantedStreams,
  clock: Clock,
): () => Promise<RemoteUser> {
  if (transportOf(req) === "spdy") {
    const protocol = negotiate(req, spdyExecProtocols);
    return () => {
      acceptSpdy(socket, head, protocol);
      return spdyUser(socket, protocol, wanted, clock);
    };
  }
  const offered = offeredProtocols(req);
  const spoken: readonly string[] = execProtocols;
  if (offered.length > 0 && !offered.some((it) => spoken.includes(it))) {
    throw errors.badRequest(`unable to negotiate protocol: client supports [${offered.join(" ")}]`);
  }
  return async () => {
    const webSocket = await acceptWebSocket(req, socket, head);
    const user = webSocketUser(webSocket);
    if (missesFirstMessages(webSocket.protocol, req.headers))
      await sleep(clock, HEAD_START_MS, user.gone);
    announceOpen(webSocket, wanted);
    return user;
  };
}

/** As long as a busy machine may keep a thread from the processor. The command runs meanwhile. */
const HEAD_START_MS = 100;
/** The first with kubernetes/kubernetes pull request 131203. */
const MENDED_MINOR = 34;

/**
 * client-go begins to read before it has made the streams: what comes at once it drops, with "Unknown stream id".
 * Browsers (which send an Origin) and our own programs have no such fault.
 */
export function missesFirstMessages(
  protocol: string,
  { origin, "user-agent": agent = "" }: IncomingHttpHeaders,
): boolean {
  if (protocol !== "v5.channel.k8s.io" || origin !== undefined || agent.startsWith("kaji"))
    return false;
  const [, minor] = /^kubectl\/v1\.(\d+)\./.exec(agent) ?? [];
  return minor === undefined || Number(minor) < MENDED_MINOR;
}

type ExecOrAttach = Extract<StreamRequest, { type: "exec" | "attach" }>;

function execRequest({ pod, query }: Upgrade, type: "exec" | "attach"): ExecOrAttach {
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") {
    const verb = type === "exec" ? "exec into" : "attach to";
    throw errors.badRequest(
      `cannot ${verb} a container in a completed pod; current phase is ${phase}`,
    );
  }
  const tty = isFlagSet(query, "tty");
  const streams = {
    stdin: isFlagSet(query, "stdin"),
    stdout: isFlagSet(query, "stdout"),
    stderr: isFlagSet(query, "stderr") && !tty,
    tty,
  };
  if (!streams.stdin && !streams.stdout && !streams.stderr) {
    throw errors.badRequest("you must specify at least 1 of stdin, stdout, stderr");
  }
  const target = targetOf(pod, containerOf(pod, query.get("container") ?? ""));
  if (type === "attach") return { ...target, type, ...streams };
  const command = query.getAll("command");
  if (command.length === 0)
    throw errors.badRequest("you must specify at least one command for the container");
  return { ...target, type, command, ...streams };
}
