import type { Service } from "#api/schema/types";

/**
 * The environment variables that describe Services (docker links style), for the services of the pod's own
 * namespace and for `kubernetes` of the namespace default; all of them only with enableServiceLinks.
 */
export function serviceEnv(
  services: Iterable<Service>,
  namespace: string,
  hasLinks: boolean,
): Map<string, string> {
  const env = new Map<string, string>();
  for (const service of services) {
    const { name, namespace: own } = service.metadata;
    const isMaster = own === "default" && name === "kubernetes";
    if (!isMaster && !(hasLinks && own === namespace)) continue;
    for (const [key, value] of variablesOf(service)) env.set(key, value);
  }
  return env;
}

function variablesOf(service: Service): [string, string][] {
  const ip = service.spec.clusterIP;
  const ports = service.spec.ports ?? [];
  const first = ports[0];
  if (!ip || ip === "None" || !first) return [];
  const prefix = service.metadata.name.toUpperCase().replaceAll("-", "_");
  const variables: [string, string][] = [
    [`${prefix}_SERVICE_HOST`, ip],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
    ...ports
      .filter((port) => port.name)
      .map((port): [string, string] => [
        `${prefix}_SERVICE_PORT_${(port.name ?? "").toUpperCase().replaceAll("-", "_")}`,
        String(port.port),
      ]),
    [`${prefix}_PORT`, `${protocolOf(first.protocol)}://${ip}:${first.port}`],
  ];
  for (const port of ports) {
    const protocol = protocolOf(port.protocol);
    const each = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`;
    variables.push(
      [each, `${protocol}://${ip}:${port.port}`],
      [`${each}_PROTO`, protocol],
      [`${each}_PORT`, String(port.port)],
      [`${each}_ADDR`, ip],
    );
  }
  return variables;
}

function protocolOf(protocol: string | undefined): string {
  return (protocol ?? "TCP").toLowerCase();
}
