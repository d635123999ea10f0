import type { PeerPlan, PeerRoute, TunnelDevice } from "#node-agent/network/peers/plan";

/** How routes of ours are told from others: /etc/iproute2/rt_protos names nobody by this number. */
export const ROUTE_PROTOCOL = 75;
/** Behind every route that somebody else may have for the same range. */
const LAST_METRIC = 4_278_198_272;

/** What the kernel has of it, and what a `PeerPlan` wants: keys are what makes two of them the same. */
export interface RoutingState {
  readonly routes: ReadonlyMap<string, PeerRoute>;
  readonly device: TunnelDevice | undefined;
  /** Of the tunnel: next hop to MAC address. */
  readonly neighbours: ReadonlyMap<string, string>;
  /** Of the tunnel: MAC address to host. */
  readonly forwarding: ReadonlyMap<string, string>;
}

export const nothing: RoutingState = {
  routes: new Map(),
  device: undefined,
  neighbours: new Map(),
  forwarding: new Map(),
};

/** Lines for `ip -batch`, then lines for `bridge -batch`. */
export interface PeerChanges {
  readonly ip: readonly string[];
  readonly bridge: readonly string[];
}

export function stateOf({ routes, tunnel }: PeerPlan): RoutingState {
  const ends = tunnel?.ends ?? [];
  return {
    routes: new Map(routes.map((route) => [route.destination, route])),
    device: tunnel?.device,
    neighbours: new Map(ends.map(({ gateway, mac }) => [gateway, mac])),
    forwarding: new Map(ends.map(({ mac, host }) => [mac, host])),
  };
}

/** Pure: a change costs its own size. */
export function planChanges(found: RoutingState, wanted: RoutingState): PeerChanges {
  const isKept = isSameDevice(found.device, wanted.device);
  // With its interface go the routes, neighbours and forwarding entries that lead to it.
  const left = isKept ? found : withoutDevice(found);
  const { device } = wanted;
  return {
    ip: [
      ...goneRoutes(left, wanted),
      ...(found.device && !isKept ? [`link del dev ${found.device.name}`] : []),
      ...(device ? deviceLines(isKept ? found.device : undefined, device) : []),
      ...(device ? neighbourLines(left, wanted, device.name) : []),
      ...newRoutes(left, wanted),
    ],
    bridge: device ? forwardingLines(left, wanted, device.name) : [],
  };
}

/** What cannot be changed in place. */
function isSameDevice(a: TunnelDevice | undefined, b: TunnelDevice | undefined): boolean {
  if (!a || !b) return a === b;
  return a.name === b.name && a.id === b.id && a.port === b.port && a.local === b.local;
}

function withoutDevice(found: RoutingState): RoutingState {
  const name = found.device?.name;
  const routes = [...found.routes].filter(([, { next }]) => !next || next.device !== name);
  return { ...nothing, routes: new Map(routes) };
}

function deviceLines(found: TunnelDevice | undefined, wanted: TunnelDevice): string[] {
  const { name, id, port, local, mac, mtu, address } = wanted;
  const lines: string[] = [];
  if (!found) {
    const type = `type vxlan id ${id} dstport ${port} local ${local} nolearning`;
    lines.push(`link add name ${name} address ${mac} mtu ${mtu} ${type}`);
  } else if (found.mac !== mac || found.mtu !== mtu) {
    lines.push(`link set dev ${name} address ${mac} mtu ${mtu}`);
  }
  if (found?.address !== address) {
    if (found?.address) lines.push(`address del ${found.address} dev ${name}`);
    lines.push(`address add ${address} dev ${name}`);
  }
  if (!found) lines.push(`link set dev ${name} up`);
  return lines;
}

function neighbourLines(found: RoutingState, wanted: RoutingState, device: string): string[] {
  const gone = [...found.neighbours.keys()].filter((gateway) => !wanted.neighbours.has(gateway));
  const added = [...wanted.neighbours].filter(
    ([gateway, mac]) => found.neighbours.get(gateway) !== mac,
  );
  return [
    ...gone.map((gateway) => `neigh del ${gateway} dev ${device}`),
    ...added.map(
      ([gateway, mac]) => `neigh replace ${gateway} lladdr ${mac} dev ${device} nud permanent`,
    ),
  ];
}

function forwardingLines(found: RoutingState, wanted: RoutingState, device: string): string[] {
  const gone = [...found.forwarding].filter(([mac]) => !wanted.forwarding.has(mac));
  const added = [...wanted.forwarding].filter(([mac, host]) => found.forwarding.get(mac) !== host);
  return [
    ...gone.map(([mac, host]) => `fdb del ${mac} dev ${device} dst ${host}`),
    ...added.map(([mac, host]) => `fdb replace ${mac} dev ${device} dst ${host} self permanent`),
  ];
}

function goneRoutes(found: RoutingState, wanted: RoutingState): string[] {
  return [...found.routes.values()]
    .filter(({ destination }) => !wanted.routes.has(destination))
    .map((route) => `route del ${routeText(route)}`);
}

function newRoutes(found: RoutingState, wanted: RoutingState): string[] {
  return [...wanted.routes.values()]
    .filter((route) => !isSameRoute(found.routes.get(route.destination), route))
    .map((route) => {
      const isTunnel = route.next?.device === wanted.device?.name;
      return `route replace ${routeText(route)}${route.next && isTunnel ? " onlink" : ""}`;
    });
}

function isSameRoute(a: PeerRoute | undefined, b: PeerRoute): boolean {
  return a !== undefined && a.next?.via === b.next?.via && a.next?.device === b.next?.device;
}

function routeText({ destination, next }: PeerRoute): string {
  const own = `proto ${ROUTE_PROTOCOL}`;
  return next
    ? `${destination} via ${next.via} dev ${next.device} ${own}`
    : `unreachable ${destination} ${own} metric ${LAST_METRIC}`;
}
