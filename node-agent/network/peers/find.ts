import { isInRange, isIpv4, parseIpv4, parseRange } from "#kit/ipv4";
import type { RunCommand } from "#node-agent/network/command";
import { nothing, type RoutingState, ROUTE_PROTOCOL } from "#node-agent/network/peers/changes";
import type { LinkAddress, PeerRoute, TunnelDevice } from "#node-agent/network/peers/plan";

/** Reads from the kernel what `planPeers` and `planChanges` need to know of it. */
export interface HostLink extends LinkAddress {
  readonly mtu: number;
}

interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly address?: string;
  readonly linkinfo?: {
    readonly info_data?: { readonly id: number; readonly port: number; readonly local?: string };
  };
  readonly addr_info?: readonly { family: string; local?: string; prefixlen: number }[];
}

/** The IPv4 addresses of interfaces that are up. */
export async function findLinks(run: RunCommand): Promise<HostLink[]> {
  const links = await readJson<IpLink[]>(run, ["ip", "-j", "-4", "address", "show", "up"]);
  return links.flatMap((link) => {
    const { ifname: device, mtu, flags } = link;
    const isBroadcast = flags.includes("BROADCAST");
    return addressesOf(link).map((cidr) => ({ device, cidr, isBroadcast, mtu }));
  });
}

/** What the kernel has of the range's routes that are ours, and of the tunnel of that name. */
export async function findRouting(
  run: RunCommand,
  { clusterPodCidr, tunnelName }: { clusterPodCidr: string; tunnelName: string },
): Promise<RoutingState> {
  const routes = await findRoutes(run, clusterPodCidr);
  const device = await findTunnel(run, tunnelName);
  if (!device) return { ...nothing, routes };
  const neighbours = await readJson<{ dst: string; lladdr?: string; state: readonly string[] }[]>(
    run,
    ["ip", "-j", "-4", "neigh", "show", "dev", tunnelName],
  );
  const forwarding = await readJson<{ mac: string; dst?: string }[]>(run, [
    "bridge",
    "-j",
    "fdb",
    "show",
    "dev",
    tunnelName,
  ]);
  return {
    routes,
    device,
    neighbours: new Map(neighbours.flatMap(({ dst, lladdr }) => (lladdr ? [[dst, lladdr]] : []))),
    forwarding: new Map(forwarding.flatMap(({ mac, dst }) => (dst ? [[mac, dst]] : []))),
  };
}

async function findRoutes(
  run: RunCommand,
  clusterPodCidr: string,
): Promise<ReadonlyMap<string, PeerRoute>> {
  const show = ["ip", "-N", "-j", "-4", "route", "show", "table", "main"];
  const found = await readJson<{ dst: string; gateway?: string; dev?: string }[]>(run, [
    ...show,
    "proto",
    `${ROUTE_PROTOCOL}`,
  ]);
  const range = parseRange(clusterPodCidr);
  const routes = found.flatMap(({ dst, gateway, dev }): PeerRoute[] => {
    const [address = ""] = dst.split("/");
    // Another cluster of this host has ranges of its own.
    if (!isIpv4(address) || !isInRange(range, parseIpv4(address))) return [];
    return [{ destination: dst, next: gateway && dev ? { via: gateway, device: dev } : undefined }];
  });
  return new Map(routes.map((route) => [route.destination, route]));
}

async function findTunnel(run: RunCommand, name: string): Promise<TunnelDevice | undefined> {
  const show = ["ip", "-j", "-d", "-4", "address", "show", "type", "vxlan"];
  const link = (await readJson<IpLink[]>(run, show)).find(({ ifname }) => ifname === name);
  if (!link) return undefined;
  const { id = 0, port = 0, local = "" } = link.linkinfo?.info_data ?? {};
  const [address = ""] = addressesOf(link);
  return { name, id, port, local, mac: link.address ?? "", mtu: link.mtu, address };
}

function addressesOf({ addr_info = [] }: IpLink): string[] {
  return addr_info.flatMap(({ family, local, prefixlen }) =>
    family === "inet" && local ? [`${local}/${prefixlen}`] : [],
  );
}

/** ip prints nothing, or a list with empty objects, where there is nothing to show. */
async function readJson<T extends readonly object[]>(run: RunCommand, argv: string[]): Promise<T> {
  const list = JSON.parse((await run(argv)) || "[]") as T;
  return list.filter((each) => Object.keys(each).length > 0) as unknown as T;
}
