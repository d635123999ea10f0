import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { errors } from "#api/machinery/status-error";
import type { UserInfo } from "#client/transport";
import { decodeSegment } from "#control-plane/apiserver/serving/request-path";
import { serveLogs } from "#control-plane/apiserver/streams/logs";
import { refuseUpgrade } from "#control-plane/apiserver/streams/refuse";
import { serveExec } from "#control-plane/apiserver/streams/serve-exec";
import { servePortForward } from "#control-plane/apiserver/streams/serve-port-forward";
import type {
  StreamAccess,
  StreamRoutes,
  StreamRoutesOptions,
  Upgrade,
} from "#control-plane/apiserver/streams/types";
import { systemClock } from "#kit/clock";
import { errorChain } from "#kit/log";

const streamPath = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward)$/;

/**
 * exec, attach, port-forward and logs between a user and the node that runs the pod. Whatever can be refused is
 * refused before the handshake, as a Status, so that clients show the reason.
 */
export function createStreamRoutes(options: StreamRoutesOptions): StreamRoutes {
  const clock = options.clock ?? systemClock;
  const sockets = new Set<Duplex>();

  const serve = async (
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    user: UserInfo,
  ): Promise<void> => {
    const url = new URL(req.url ?? "/", "http://kaji");
    const access = accessOf(req, url.pathname);
    await options.authorize(user, access);
    const pod = await options.getPod(access.namespace, access.name);
    const upgrade: Upgrade = { req, socket, head, query: url.searchParams, pod };
    if (access.subresource === "portforward") await servePortForward(options, upgrade);
    else await serveExec(options, upgrade, access.subresource, clock);
  };
  return {
    matches: (path) => streamPath.test(path),
    async handleUpgrade(req, socket, head, user) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      // A peer that resets the connection ends the stream; without a listener it would end the process.
      socket.on("error", (error) =>
        options.log.debug("a stream's connection broke", { error: errorChain(error) }),
      );
      try {
        await serve(req, socket, head, user);
      } catch (error) {
        refuseUpgrade(socket, error);
      }
    },
    logs: (request) => serveLogs(options, request, clock.now()),
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function accessOf(req: IncomingMessage, path: string): StreamAccess {
  const [, namespace, name, subresource] = streamPath.exec(path) ?? [];
  if (namespace === undefined || name === undefined) throw errors.noSuchPath();
  return {
    verb: req.method === "GET" ? "get" : "create",
    namespace: decodeSegment(namespace),
    name: decodeSegment(name),
    subresource: subresource as StreamAccess["subresource"],
  };
}
