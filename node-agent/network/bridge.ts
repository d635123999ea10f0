import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { setSysctls, writeSysctl } from "#node-agent/network/sysctls";

/** The bridge that this node's pods hang on: what is wanted, what is there, and the difference as `ip` commands. */
export interface BridgeWanted {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** "10.244.0.1/24" first: the kernel takes the first address for what the node itself sends to pods. */
  readonly addresses: readonly string[];
  /** Without a route the node itself could not begin a connection to a ClusterIP. Goes with the gateway. */
  readonly serviceCidr: string;
  readonly gateway: string;
  /** Frames between two pods pass the rules too; needed for Services, see `hasBridgeFilter`. */
  readonly isFiltered: boolean;
}

export interface BridgeFound {
  readonly mtu: number;
  readonly isUp: boolean;
  readonly isFiltered: boolean;
  readonly addresses: readonly string[];
}

/** Pure: lines for `ip -batch`. */
export function planBridge(found: BridgeFound | undefined, wanted: BridgeWanted): string[] {
  const { name, mac, mtu, isFiltered } = wanted;
  const lines: string[] = [];
  if (!found) lines.push(`link add name ${name} address ${mac} type bridge`);
  if (found?.mtu !== mtu) lines.push(`link set dev ${name} mtu ${mtu}`);
  if ((found?.isFiltered ?? false) !== isFiltered) {
    lines.push(`link set dev ${name} type bridge nf_call_iptables ${isFiltered ? 1 : 0}`);
  }
  const there = found?.addresses ?? [];
  // The first address must stay first: a change of it means all anew.
  const kept = there[0] === wanted.addresses[0] ? there : [];
  for (const address of there) {
    if (!kept.includes(address) || !wanted.addresses.includes(address)) {
      lines.push(`address del ${address} dev ${name}`);
    }
  }
  for (const address of wanted.addresses) {
    if (!kept.includes(address)) lines.push(`address add ${address} dev ${name}`);
  }
  if (!found?.isUp) lines.push(`link set dev ${name} up`);
  // Over lo, not the bridge: what a pod sends to an address without rules must not leave by the interface it
  // came from, or the kernel tells the pod to look for that address next door.
  lines.push(`route replace ${wanted.serviceCidr} dev lo src ${wanted.gateway}`);
  return lines;
}

export async function applyBridge(run: RunCommand, wanted: BridgeWanted): Promise<void> {
  const lines = planBridge(await findBridge(run, wanted.name), wanted);
  await run(["ip", "-batch", "-"], `${lines.join("\n")}\n`);
  // Lets Services have endpoints on the node's loopback (the API server of a one-machine cluster) and lets
  // the node reach NodePorts by 127.0.0.1. The rules drop what pods send to 127.0.0.0/8 themselves.
  await writeSysctl(`net/ipv4/conf/${wanted.name}/route_localnet`, "1");
}

export async function applyForwarding(memoryFile: string, instance: string): Promise<void> {
  await setSysctls(memoryFile, instance, { "net/ipv4/ip_forward": "1" });
}

interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_data?: { readonly nf_call_iptables?: number } };
  readonly addr_info?: readonly { family: string; local: string; prefixlen: number }[];
}

async function findBridge(run: RunCommand, name: string): Promise<BridgeFound | undefined> {
  const links = JSON.parse(await run(["ip", "-j", "-d", "address", "show", "type", "bridge"]));
  const link = (links as IpLink[]).find(({ ifname }) => ifname === name);
  return link && toBridgeFound(link);
}

function toBridgeFound(link: IpLink): BridgeFound {
  const addresses = (link.addr_info ?? []).filter(({ family }) => family === "inet");
  return {
    mtu: link.mtu,
    isUp: link.flags.includes("UP"),
    isFiltered: link.linkinfo?.info_data?.nf_call_iptables === 1,
    addresses: addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  };
}

/**
 * Whether the kernel shows bridged frames to the rules (module br_netfilter, loaded when it can be). A pod's
 * answer to a neighbour that called it through a Service is a frame on the bridge: unless the rules see it, the
 * ClusterIP is not put back as its source. Without the module such calls are masqueraded instead.
 */
export async function hasBridgeFilter(
  run: RunCommand,
  filterSwitch = BRIDGE_FILTER_SWITCH,
): Promise<boolean> {
  if (existsSync(filterSwitch)) return true;
  try {
    await run(["modprobe", "br_netfilter"]);
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.isCutShort) throw error;
    return false;
  }
  return existsSync(filterSwitch);
}

const BRIDGE_FILTER_SWITCH = "/proc/sys/net/bridge/bridge-nf-call-iptables";

/**
 * A frame that a Service sends back to the pod it came from leaves by the port it entered, which bridges
 * refuse unless the port is in hairpin mode. Interfaces that are not there (yet) are passed over.
 */
export async function allowHairpin(hostInterfaces: readonly string[]): Promise<void> {
  for (const name of hostInterfaces) {
    try {
      await writeFile(`/sys/class/net/${name}/brport/hairpin_mode`, "1", { flag: "r+" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
