import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { eventually } from "#test/support/host";
import type { HostsLab, LabHost, LabProcess } from "#test/support/hosts";

/**
 * Ways from the test's own network into a lab's: a port of loopback for each address in there. A process on a host of
 * the lab listens on sockets of the file system, which both share. What breaks on one side breaks on the other.
 */
export interface Portals {
  /** "http://127.0.0.1:PORT" for "192.0.2.1:80". */
  origin(scheme: "http" | "https", target: string): string;
  close(): Promise<void>;
}

/** Arguments: PATH=HOST:PORT for each. */
const RELAY = `
const net = require("node:net");
for (const one of process.argv.slice(1)) {
  const [path, target] = one.split("=");
  const [host, port] = target.split(":");
  net.createServer((near) => {
    const far = net.connect(Number(port), host);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.setNoDelay?.(true);
      from.on("error", () => to.destroy());
      from.pipe(to);
    }
  }).listen(path);
}
`;

export async function openPortals(
  lab: HostsLab,
  from: LabHost,
  targets: readonly string[],
): Promise<Portals> {
  const paths = new Map(targets.map((target, index) => [target, join(lab.root, `way-${index}`)]));
  const pairs = [...paths].map(([target, path]) => `${path}=${target}`);
  const relay: LabProcess = from.spawn([process.execPath, "-e", RELAY, ...pairs]);
  await eventually("the ways into the lab are open", () => [...paths.values()].every(existsSync));
  const servers = new Map<string, Server>();
  const sockets = new Set<Socket>();
  for (const [target, path] of paths) {
    const server = createServer((near) => {
      const far = connect(path);
      tie(near, far);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.set(target, server);
  }
  return {
    origin(scheme, target) {
      const address = servers.get(target)?.address() as AddressInfo | undefined;
      if (!address) throw new Error(`there is no way to ${target}`);
      return `${scheme}://127.0.0.1:${address.port}`;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers.values()) server.close();
      await relay.kill("SIGKILL");
    },
  };
}

function tie(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.setNoDelay(true);
    from.on("error", () => to.destroy());
    from.pipe(to);
  }
}
