import { readFileSync } from "node:fs";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import { systemRng } from "#kit/rng";
import { parseResolvConf } from "#node-agent/container/host-files";
import { createResolver, type Resolver } from "#node-agent/dns/resolver";
import { type DnsServer, startDnsServer } from "#node-agent/dns/server";
import { createUpstream } from "#node-agent/dns/upstream";
import { createZone, type Zone, type ZoneConfig } from "#node-agent/dns/zone";
import type { ServiceState } from "#node-agent/session/types";

/** The cluster's DNS on this node: the newest Services behind a server on the cluster's DNS address. */
export interface ClusterDns {
  /** Starts, or moves to another address; with the same address it only takes the new configuration. */
  listen(config: ClusterDnsConfig): Promise<void>;
  setServices(services: ServiceState): void;
  close(): Promise<void>;
}

export interface ClusterDnsConfig extends ZoneConfig {
  readonly address: string;
}

export interface ClusterDnsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where names outside the cluster are asked; the host's resolv.conf unless given. */
  readonly nameservers?: () => readonly string[];
  /** Told of each query; no code: none was deserved. */
  readonly answered?:
    | ((transport: "udp" | "tcp", code: number | undefined, seconds: number) => void)
    | undefined;
}

const dnsPort = 53;

export function createClusterDns(options: ClusterDnsOptions): ClusterDns {
  const { clock, log, nameservers = hostNameservers(clock) } = options;
  let services: ServiceState = { services: new Map(), changed: [] };
  let config: ClusterDnsConfig | undefined;
  let server: DnsServer | undefined;
  let current: { readonly zone: Zone; readonly clusterDomain: string } | undefined;

  const zone = (): { zone: Zone; clusterDomain: string } => {
    if (!config) throw new Error("DNS is asked before it is configured");
    const { clusterDomain } = config;
    current ??= { zone: createZone(config, services), clusterDomain };
    return current;
  };
  const upstream = createUpstream({
    clock,
    nameservers: () => nameservers().filter((server) => server !== config?.address),
  });
  const resolver = counted(createResolver({ zone, upstream, rng: systemRng }), options.answered);

  return {
    async listen(next) {
      const isMoved = server !== undefined && config?.address !== next.address;
      config = next;
      current = undefined;
      if (isMoved) {
        await server?.close();
        server = undefined;
      }
      server ??= await startDnsServer({ address: next.address, port: dnsPort, resolver, log });
    },
    setServices(next) {
      services = next;
      current = undefined;
    },
    async close() {
      await server?.close();
      server = undefined;
    },
  };
}

function counted(resolver: Resolver, answered: ClusterDnsOptions["answered"]): Resolver {
  if (!answered) return resolver;
  return {
    async answer(message, transport) {
      const startMs = performance.now();
      const answer = await resolver.answer(message, transport);
      // RFC 1035, section 4.1.1: the lowest four bits of the fourth byte.
      const code = answer && answer.readUInt8(3) & 0x0f;
      answered(transport, code, (performance.now() - startMs) / 1000);
      return answer;
    },
  };
}

const rereadAfterMs = 5000;

/** The host's own nameservers, read again now and then: networks change. */
function hostNameservers(clock: Clock): () => readonly string[] {
  let known: { readonly servers: readonly string[]; readonly atMs: number } | undefined;
  return () => {
    if (!known || clock.now() - known.atMs > rereadAfterMs) {
      known = { servers: readNameservers(), atMs: clock.now() };
    }
    return known.servers;
  };
}

function readNameservers(): readonly string[] {
  try {
    return parseResolvConf(readFileSync("/etc/resolv.conf", "utf8")).nameservers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
