import type { Clock } from "#kit/clock";
import { invariant } from "#kit/invariant";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { type ClusterDns, createClusterDns } from "#node-agent/dns/cluster-dns";
import { type AddressBook, openAddressBook } from "#node-agent/network/address-book";
import { DEFAULT_QUARANTINE_MS } from "#node-agent/network/address-pool";
import {
  allowHairpin,
  applyBridge,
  applyForwarding,
  hasBridgeFilter,
  uplinkMtu,
} from "#node-agent/network/bridge";
import { cleanUpNetwork, hasTable } from "#node-agent/network/clean-up";
import { type RunCommand, runCommand } from "#node-agent/network/command";
import { gatewayOf, type Ipv4Range, parseRange } from "#node-agent/network/ipv4";
import { bridgeMac, hostInterfaceOf, networkNames } from "#node-agent/network/names";
import type { NodeNetworkConfig, PodNetwork } from "#node-agent/network/network";
import type { NodeFacts } from "#node-agent/network/services/fixed-chains";
import { latest } from "#node-agent/network/services/latest";
import { renderRuleset } from "#node-agent/network/services/render";
import { createRuleKeeper, type RuleKeeper } from "#node-agent/network/services/rule-keeper";
import { servicePorts } from "#node-agent/network/services/service-port";
import type { ServiceState } from "#node-agent/session/types";

export interface PodNetworkOptions {
  readonly locations: Locations;
  readonly clock: Clock;
  readonly log: Log;
  readonly quarantineMs?: number;
  /** Where names outside the cluster are asked; the host's resolv.conf unless given. */
  readonly nameservers?: () => readonly string[];
  readonly run?: RunCommand;
}

/**
 * The network of one host: a bridge, an address per pod, Services as nftables maps, DNS from memory.
 *
 * Owns everything that `networkNames` names. An agent that starts again finds the addresses in their file and
 * leaves the rules in the kernel alone until it has the Services.
 */
export function createPodNetwork(options: PodNetworkOptions): PodNetwork {
  const { locations, clock, log, run = runCommand } = options;
  const names = networkNames(locations);
  const book = openAddressBook(names.addressFile, () => clock.now());
  const keeper = createRuleKeeper(run, log);
  const dns = createClusterDns(options);
  const node = configuredNode(options, run, dns);
  let services: ServiceState | undefined;

  const applyRules = async (): Promise<void> => {
    const facts = node.current()?.facts;
    if (!facts) return;
    // The rules of an earlier run carry traffic until the Services are known.
    if (!services && (await hasTable(run, names.table))) return;
    const known = services ?? { services: new Map(), changed: [] };
    const ports = servicePorts(known, facts.nodeName);
    const ruleset = renderRuleset(names.table, facts, ports, book.hostPorts());
    await keeper.apply({ ruleset, ports });
    await allowHairpin(interfacesOf(locations, book, ruleset.elements.get("hairpin")));
  };

  return {
    async configure(config) {
      await node.configure(config);
      await applyRules();
    },
    async attach({ uid, hostPorts }) {
      const { range, facts, mtu } = await node.setup();
      const rules = { range, quarantineMs: options.quarantineMs ?? DEFAULT_QUARANTINE_MS };
      const isNew = book.ipOf(uid) === undefined;
      const ip = book.hold(rules, { uid, hostPorts });
      if (isNew && hostPorts.length > 0) await applyRules();
      const hostInterface = hostInterfaceOf(locations, uid);
      const address = `${ip}/${range.prefix}`;
      const { gateway } = facts;
      return { ip, network: { bridge: names.bridge, hostInterface, address, gateway, mtu } };
    },
    async release(podUid) {
      const ip = book.ipOf(podUid);
      const hadHostPorts = book.hostPorts().some((pod) => pod.ip === ip);
      book.release(podUid);
      if (hadHostPorts) await applyRules();
    },
    attachedPods: () => book.uids(),
    async syncServices(next) {
      services = next;
      dns.setServices(next);
      await applyRules();
    },
    close: () => closeAll(node, dns, keeper),
    async destroy() {
      await closeAll(node, dns, keeper);
      await cleanUpNetwork({ locations, run });
    },
  };
}

interface ConfiguredNode {
  configure(config: NodeNetworkConfig): Promise<void>;
  current(): NodeSetup | undefined;
  /** Waits for the first `configure`; where that has failed it is tried again, and rejects with its reason. */
  setup(): Promise<NodeSetup>;
  close(): Promise<void>;
}

interface NodeSetup {
  readonly range: Ipv4Range;
  readonly mtu: number;
  readonly facts: NodeFacts;
}

function configuredNode(
  { locations, log }: PodNetworkOptions,
  run: RunCommand,
  dns: ClusterDns,
): ConfiguredNode {
  let current: NodeSetup | undefined;
  let announce: (config: NodeNetworkConfig) => void = () => undefined;
  const first = new Promise<NodeNetworkConfig>((resolve) => {
    announce = resolve;
  });
  let newest: NodeNetworkConfig | undefined;
  const configurations = latest<NodeNetworkConfig>(async (config) => {
    const isBridgeFiltered = await hasBridgeFilter(run);
    if (!isBridgeFiltered) {
      const effect = "a Service hides its clients' addresses from pods on the same node";
      log.warn("the kernel module br_netfilter is missing", { effect });
    }
    const setup = await setUp(locations, run, config, isBridgeFiltered);
    await dns.listen({ address: config.dnsIp, ...config });
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
  locations: Locations,
  run: RunCommand,
  config: NodeNetworkConfig,
  isBridgeFiltered: boolean,
): Promise<NodeSetup> {
  const { bridge, sysctlFile } = networkNames(locations);
  const range = parseRange(config.podCidr);
  const gateway = gatewayOf(range);
  const mtu = await uplinkMtu(run);
  await applyForwarding(sysctlFile, locations.instance);
  await applyBridge(run, {
    name: bridge,
    mac: bridgeMac(locations),
    mtu,
    addresses: [`${gateway}/${range.prefix}`, `${config.dnsIp}/32`],
    serviceCidr: config.serviceCidr,
    gateway,
    isFiltered: isBridgeFiltered,
  });
  return { range, mtu, facts: { ...config, bridge, gateway, isBridgeFiltered } };
}

/** Of the pods on this node that may be reached by their own Service or host port. */
function interfacesOf(
  locations: Locations,
  book: AddressBook,
  hairpins: ReadonlyMap<string, string> | undefined,
): string[] {
  const pods = book.uids().filter((uid) => hairpins?.has(`${book.ipOf(uid)} . ${book.ipOf(uid)}`));
  return pods.map((uid) => hostInterfaceOf(locations, uid));
}

async function closeAll(node: ConfiguredNode, dns: ClusterDns, keeper: RuleKeeper): Promise<void> {
  await node.close();
  await dns.close();
  await keeper.close();
}
