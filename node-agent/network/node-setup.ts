import { invariant } from "#kit/invariant";
import { addressAt, type Ipv4Range, parseRange } from "#kit/ipv4";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { bootFile } from "#node-agent/network/boot-file";
import { applyBridge, applyForwarding, hasBridgeFilter } from "#node-agent/network/bridge";
import type { RunCommand } from "#node-agent/network/command";
import { latest } from "#node-agent/network/latest";
import { bridgeMac, networkNames } from "#node-agent/network/names";
import type { NodeNetworkConfig } from "#node-agent/network/network";
import { findLinks, type HostLink } from "#node-agent/network/peers/find";
import { type OwnNode, type TunnelSettings, VXLAN_OVERHEAD } from "#node-agent/network/peers/plan";
import type { NodeFacts } from "#node-agent/network/services/fixed-chains";

/** The node's own part of the network, which its pods hang on: forwarding, bridge, DNS. */
export interface NodeSetup {
  /** Of its pods. */
  readonly range: Ipv4Range;
  /** Of its pods: small enough for the tunnel, so that all pods of a cluster can have the same. */
  readonly mtu: number;
  readonly facts: NodeFacts;
  readonly own: OwnNode;
}

export interface ConfiguredNode {
  configure(config: NodeNetworkConfig): Promise<void>;
  current(): NodeSetup | undefined;
  /** Waits for the first `configure`; where that has failed it is tried again, and rejects with its reason. */
  setup(): Promise<NodeSetup>;
  close(): Promise<void>;
}

export interface NodeSetupOptions {
  readonly locations: Locations;
  readonly log: Log;
  readonly run: RunCommand;
  readonly tunnel: TunnelSettings;
  /** Makes the cluster's DNS answer; called after the bridge has its address. */
  listen(config: NodeNetworkConfig): Promise<void>;
}

export function configuredNode(options: NodeSetupOptions): ConfiguredNode {
  let current: NodeSetup | undefined;
  let announce: (config: NodeNetworkConfig) => void = () => undefined;
  const first = new Promise<NodeNetworkConfig>((resolve) => {
    announce = resolve;
  });
  let newest: NodeNetworkConfig | undefined;
  const configurations = latest<NodeNetworkConfig>(async (config) => {
    const setup = await setUp(options, config);
    await options.listen(config);
    current = setup;
  });
  return {
    configure(config) {
      newest = config;
      announce(config);
      return configurations.push(config);
    },
    current: () => current,
    async setup() {
      const config = await first;
      if (!current) await configurations.push(newest ?? config);
      invariant(current, "a configuration that did not fail has set the node up");
      return current;
    },
    close: () => configurations.close(),
  };
}

async function setUp(
  { locations, log, run, tunnel }: NodeSetupOptions,
  config: NodeNetworkConfig,
): Promise<NodeSetup> {
  const isBridgeFiltered = await hasBridgeFilter(run);
  if (!isBridgeFiltered) {
    const effect =
      "a Service hides its clients' addresses from pods on the same node, and no NetworkPolicy holds between these";
    log.warn("the kernel module br_netfilter is missing", { effect });
  }
  const names = networkNames(locations);
  const { bridge, tunnel: tunnelName } = names;
  const range = parseRange(config.podCidr);
  const gateway = addressAt(range, 1);
  const links = await findLinks(run);
  if (!links.some(({ cidr }) => cidr.startsWith(`${config.nodeIp}/`))) {
    const effect = "pods of other nodes are not reached";
    log.warn("no interface has the address of this node", { nodeIp: config.nodeIp, effect });
  }
  const underlayMtu = mtuOf(links, config.nodeIp);
  const mtu = underlayMtu - VXLAN_OVERHEAD;
  bootFile<string>(names.rangeFile).write(config.clusterPodCidr);
  await applyForwarding(names.sysctlFile, locations.instance);
  await applyBridge(run, {
    name: bridge,
    mac: bridgeMac(locations),
    mtu,
    addresses: [`${gateway}/${range.prefix}`, `${config.dnsIp}/32`],
    serviceCidr: config.serviceCidr,
    gateway,
    isFiltered: isBridgeFiltered,
  });
  const facts: NodeFacts = { ...config, bridge, gateway, isBridgeFiltered };
  return { range, mtu, facts, own: { ...config, bridge, tunnelName, tunnel, underlayMtu } };
}

const DEFAULT_MTU = 1500;

/** Of the interface by which other nodes reach this one. */
function mtuOf(links: readonly HostLink[], nodeIp: string): number {
  const link = links.find(({ cidr, isBroadcast }) => isBroadcast && cidr.startsWith(`${nodeIp}/`));
  return link?.mtu ?? DEFAULT_MTU;
}
