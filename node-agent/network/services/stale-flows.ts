import type { ServicePort } from "#node-agent/network/services/service-port";

/**
 * UDP has no connections that end: the kernel goes on translating a client's datagrams to an endpoint that is
 * gone until the flow rests. TCP connections are left to end by themselves.
 */
export interface StaleFlow {
  readonly serviceIp: string;
  readonly port: number;
  readonly endpointIp: string;
}

/** Pure: flows to endpoints that `before` had and `after` has not. */
export function staleFlows(
  before: readonly ServicePort[],
  after: readonly ServicePort[],
): StaleFlow[] {
  const now = new Map(after.map((port) => [port.id, new Set(port.endpoints.map(({ ip }) => ip))]));
  return before
    .filter(({ protocol }) => protocol === "udp")
    .flatMap((port) => {
      const gone = port.endpoints.filter(({ ip }) => !now.get(port.id)?.has(ip));
      return [...port.clusterIps, ...port.externalIps].flatMap((serviceIp) =>
        gone.map(({ ip }) => ({ serviceIp, port: port.port, endpointIp: ip })),
      );
    });
}

export function forgetFlow({ serviceIp, port, endpointIp }: StaleFlow): string[] {
  const flow = ["--orig-dst", serviceIp, "--orig-port-dst", `${port}`, "--reply-src", endpointIp];
  return ["conntrack", "--delete", "--proto", "udp", ...flow];
}
