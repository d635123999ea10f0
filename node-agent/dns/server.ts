import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "#kit/log";
import type { Resolver } from "#node-agent/dns/resolver";
import { framed } from "#node-agent/dns/upstream";

/**
 * The sockets of the DNS server, UDP and TCP on one address.
 *
 * Limits: `maxInFlight` datagrams being answered (more are dropped, clients ask again), `maxConnections` TCP
 * connections, one question at a time on each, closed after `idleMs` of silence.
 */
export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface DnsServerOptions {
  readonly address: string;
  /** 0: any; UDP and TCP then have the same. */
  readonly port: number;
  readonly resolver: Resolver;
  readonly log: Log;
}

const maxInFlight = 4096;
const maxConnections = 256;
const idleMs = 10_000;
const maxMessageBytes = 65_535;

export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { address, resolver, log } = options;
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    serveConnection(socket, resolver, log);
  });
  tcp.maxConnections = maxConnections;
  const udp = createSocket("udp4");
  try {
    tcp.listen(options.port, address);
    await once(tcp, "listening");
    const bound = tcp.address();
    const port = typeof bound === "object" && bound ? bound.port : options.port;
    udp.bind(port, address);
    await once(udp, "listening");
    serveDatagrams(udp, resolver, log);
    tcp.on("error", (reason) => log.error("the DNS server's TCP socket failed", { reason }));
    return { port, close: () => closeSockets(tcp, udp, connections) };
  } catch (cause) {
    tcp.close();
    udp.close();
    const reason = `cannot serve DNS on ${address} port ${options.port}`;
    throw new Error(`${reason}: is another DNS server bound to every address?`, { cause });
  }
}

function serveDatagrams(udp: UdpSocket, resolver: Resolver, log: Log): void {
  let inFlight = 0;
  udp.on("error", (reason) => log.error("the DNS server's UDP socket failed", { reason }));
  const serve = async (message: Buffer, port: number, address: string): Promise<void> => {
    const answer = await resolver.answer(message, "udp");
    if (answer) udp.send(answer, port, address, noteSendFailure);
  };
  // The client has gone, or the server is closing: it would ask again.
  const noteSendFailure = (error: Error | null): void => {
    if (error) log.debug("cannot send a DNS answer", { reason: error });
  };
  udp.on("message", (message, { port, address }) => {
    if (inFlight >= maxInFlight) return;
    inFlight++;
    serve(message, port, address)
      .catch((reason: unknown) => log.error("cannot answer a DNS query", { reason }))
      .finally(() => inFlight--);
  });
}

async function closeSockets(
  tcp: Server,
  udp: UdpSocket,
  connections: ReadonlySet<Socket>,
): Promise<void> {
  const closed = Promise.all([once(tcp, "close"), once(udp, "close")]);
  tcp.close();
  udp.close();
  for (const socket of connections) socket.destroy();
  await closed;
}

function serveConnection(socket: Socket, resolver: Resolver, log: Log): void {
  let received = Buffer.alloc(0);
  let isBusy = false;
  const next = (): void => {
    if (isBusy || received.length < 2) return;
    const length = received.readUInt16BE(0);
    if (received.length < 2 + length) return;
    const message = Buffer.from(received.subarray(2, 2 + length));
    received = received.subarray(2 + length);
    isBusy = true;
    resolver
      .answer(message, "tcp")
      .then((answer) => {
        isBusy = false;
        if (answer) {
          socket.write(framed(answer));
          next();
        } else {
          socket.destroy();
        }
      })
      .catch((reason: unknown) => {
        log.error("cannot answer a DNS query", { reason });
        socket.destroy();
      });
  };
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length > 2 * maxMessageBytes) socket.destroy();
    else next();
  });
}
