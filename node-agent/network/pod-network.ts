import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import { errorChain, type Log } from "#kit/log";
import { type Rng, systemRng } from "#kit/rng";
import { type ClusterDnsOptions, createClusterDns } from "#node-agent/dns/cluster-dns";
import { type AddressBook, openAddressBook } from "#node-agent/network/address-book";
import { DEFAULT_QUARANTINE_MS } from "#node-agent/network/address-pool";
import { allowHairpin } from "#node-agent/network/bridge";
import { cleanUpNetwork, hasTable } from "#node-agent/network/clean-up";
import { type RunCommand, runCommand } from "#node-agent/network/command";
import { hostInterfaceOf, hostInterfacePrefix, networkNames } from "#node-agent/network/names";
import type { PodNetwork } from "#node-agent/network/network";
import { configuredNode } from "#node-agent/network/node-setup";
import { createPeerKeeper } from "#node-agent/network/peers/peer-keeper";
import type { TunnelSettings } from "#node-agent/network/peers/plan";
import { createBridgeGuard, type PodPort } from "#node-agent/network/policy/bridge-guard";
import { withPolicies } from "#node-agent/network/policy/render";
import { renderRuleset } from "#node-agent/network/services/render";
import { createRuleKeeper } from "#node-agent/network/services/rule-keeper";
import { servicePorts } from "#node-agent/network/services/service-port";
import { appliedInTheEnd } from "#node-agent/network/until-applied";
import type { PolicyState } from "#node-agent/session/policy-picture";
import type { PeerState, ServiceState } from "#node-agent/session/types";

export interface PodNetworkOptions {
  readonly locations: Locations;
  readonly clock: Clock;
  readonly rng?: Rng;
  readonly log: Log;
  readonly quarantineMs?: number;
  readonly tunnel?: Partial<TunnelSettings>;
  /** Where names outside the cluster are asked; the host's resolv.conf unless given. */
  readonly nameservers?: () => readonly string[];
  readonly run?: RunCommand;
  readonly answered?: ClusterDnsOptions["answered"];
}

const DEFAULT_TUNNEL: TunnelSettings = { use: "auto", port: 8472 };
const unreached = "the pods of other nodes are not reached";

/**
 * The network of one host: a bridge, an address per pod, routes to the pods of other hosts, Services as nftables
 * maps, DNS from memory.
 *
 * Invariant: what could not be brought into the kernel is tried again, by who asked for it or by the network itself.
 *
 * Owns everything that `networkNames` names. An agent that starts again finds the addresses in their file and
 * leaves rules and routes in the kernel alone until it has the Services and the peers.
 */
export function createPodNetwork(options: PodNetworkOptions): PodNetwork {
  const { locations, clock, log, run = runCommand } = options;
  const names = networkNames(locations);
  const book = openAddressBook(names.addressFile, () => clock.now());
  const keeper = createRuleKeeper(run, log);
  const dns = createClusterDns(options);
  const node = configuredNode({
    locations,
    log,
    run,
    tunnel: { ...DEFAULT_TUNNEL, ...options.tunnel },
    listen: (config) => dns.listen({ address: config.dnsIp, ...config }),
  });
  const routes = createPeerKeeper(run, clock, log);
  let services: ServiceState | undefined;
  let peers: PeerState | undefined;
  let policies: PolicyState | undefined;
  const guard = createBridgeGuard({ run, log }, names.table, hostInterfacePrefix(locations));
  let tellServices: () => void = () => undefined;
  const servicesKnown = new Promise<void>((resolve) => {
    tellServices = resolve;
  });

  const abort = new AbortController();
  const retried = { clock, rng: options.rng ?? systemRng, signal: abort.signal };
  const applyGuard = appliedInTheEnd({
    ...retried,
    async apply() {
      if (node.current()) await guard.apply(portsOf(locations, book));
    },
    failed(error) {
      log.error("a pod may send with another's addresses", { why: errorChain(error) });
    },
  });
  const writeRules = async (): Promise<void> => {
    const facts = node.current()?.facts;
    if (!facts) return;
    // The rules of an earlier run carry traffic until the Services are known.
    if (!services && (await hasTable(run, names.table))) return;
    const known = services ?? { services: new Map(), changed: [] };
    const ports = servicePorts(known, facts.nodeName);
    const rendered = renderRuleset(names.table, facts, ports, book.hostPorts());
    const ruleset = withPolicies(rendered, names.bridge, policies, (uid) => book.ipOf(uid));
    await keeper.apply({ ruleset, ports });
    await allowHairpin(interfacesOf(locations, book, ruleset.elements.get("hairpin")));
  };

  /** For who is not asked again until the rules are there. */
  const applyRules = appliedInTheEnd({
    ...retried,
    apply: writeRules,
    failed(error) {
      log.error("the rules of a pod's ports or policies are not applied", {
        why: errorChain(error),
      });
    },
  });

  const applyPeers = async (): Promise<void> => {
    const own = node.current()?.own;
    if (own && peers) await routes.apply({ own, peers });
  };
  const closeAll = async (): Promise<void> => {
    abort.abort();
    await node.close();
    await dns.close();
    await Promise.all([keeper.close(), guard.close(), routes.close()]);
  };

  return {
    async configure(config) {
      await node.configure(config);
      await writeRules();
      await applyGuard();
      // A connection that was lost may have been lost with the interface that it went by.
      routes.doubt();
      // A node that cannot reach another one can serve all the same, and the keeper tries again.
      await applyPeers().catch((error: unknown) =>
        log.error(unreached, { why: errorChain(error) }),
      );
    },
    async attach({ uid, hostPorts }) {
      const { range, facts, mtu } = await node.setup();
      const rules = { range, quarantineMs: options.quarantineMs ?? DEFAULT_QUARANTINE_MS };
      const ip = book.hold(rules, { uid, hostPorts });
      const guarded = applyGuard();
      // It goes on by itself, and says so.
      guarded.catch(() => undefined);
      if (isRestricted(policies, uid)) {
        // Its first packet must meet them.
        await servicesKnown;
        await Promise.all([writeRules(), guarded]);
      } else if (hostPorts.length > 0) await writeRules();
      const hostInterface = hostInterfaceOf(locations, uid);
      const address = `${ip}/${range.prefix}`;
      const { gateway } = facts;
      return { ip, network: { bridge: names.bridge, hostInterface, address, gateway, mtu } };
    },
    async release(podUid) {
      const ip = book.ipOf(podUid);
      const hadHostPorts = book.hostPorts().some((pod) => pod.ip === ip);
      book.release(podUid);
      const hasRules = hadHostPorts || isRestricted(policies, podUid);
      await Promise.all([applyGuard(), hasRules ? applyRules() : undefined]);
    },
    attachedPods: () => book.uids(),
    async syncServices(next) {
      services = next;
      dns.setServices(next);
      tellServices();
      await writeRules();
    },
    async syncPolicies(next) {
      policies = next;
      await writeRules();
    },
    async syncPeers(next) {
      peers = next;
      await applyPeers();
    },
    close: closeAll,
    async destroy() {
      await closeAll();
      await cleanUpNetwork({ locations, run });
    },
  };
}

function isRestricted(state: PolicyState | undefined, podUid: string): boolean {
  const policies = [...(state?.policies.values() ?? [])];
  return policies.some(({ pods }) => pods?.some(({ uid }) => uid === podUid));
}

/** Where each pod hangs on the bridge, and as whom it may speak. */
function portsOf(locations: Locations, book: AddressBook): PodPort[] {
  return book.uids().flatMap((uid) => {
    const ip = book.ipOf(uid);
    return ip === undefined ? [] : [{ hostInterface: hostInterfaceOf(locations, uid), ip }];
  });
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
