import { createSocket } from "node:dgram";
import { isIPv4 } from "node:net";
import { type HostFacts, readHostFacts } from "#node-agent/node/host-facts";

/** Any: nothing is sent. */
const PORT = 6_444;

/** This machine, with an address that may change while the agent runs. */
export interface LiveHost {
  /** `ip` is always the newest. */
  readonly facts: HostFacts;
  /** Looks again which address it has; one that it has lost is kept until there is another. */
  refresh(): Promise<void>;
}

/** `findIp` answers undefined while nobody can say; then it is the address of the interface that leads outside. */
export async function openHost(findIp: () => Promise<string | undefined>): Promise<LiveHost> {
  const read = readHostFacts();
  let ip = (await findIp()) ?? read.ip;
  const facts: HostFacts = {
    ...read,
    get ip() {
      return ip;
    },
  };
  return {
    facts,
    async refresh() {
      ip = (await findIp()) ?? ip;
    },
  };
}

/**
 * The address that this machine has for its servers, by its routes: the one that other machines of the cluster
 * reach it by, too. undefined when the servers are on this machine's loopback, or no route leads to them now.
 */
export async function addressTowards(serverHosts: readonly string[]): Promise<string | undefined> {
  for (const host of serverHosts) {
    const address = await sourceFor(host);
    if (address !== undefined) return address;
  }
  return undefined;
}

function sourceFor(serverHost: string): Promise<string | undefined> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    const answer = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once("error", () => answer(undefined));
    socket.once("connect", () => {
      const { address } = socket.address();
      const isUsable = isIPv4(address) && !address.startsWith("127.");
      answer(isUsable ? address : undefined);
    });
    socket.connect(PORT, serverHost);
  });
}
