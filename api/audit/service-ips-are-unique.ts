import { defineAudit, describe } from "#api/audit/define-audit";
import type { Service } from "#api/schema/types";

export const serviceIpsAreUnique = defineAudit({
  name: "service-ips-are-unique",
  invariant: "No two services have one cluster IP or one node port.",
  isEventual: false,
  *check(objects) {
    const owners = new Map<string, Service>();
    for (const service of objects.of<Service>("Service")) {
      for (const claim of claimsOf(service)) {
        const other = owners.get(claim);
        if (other)
          yield { object: service, message: `its ${claim} is also that of ${describe(other)}` };
        owners.set(claim, service);
      }
    }
  },
});

function claimsOf({ spec }: Service): Set<string> {
  const ips = [spec.clusterIP, ...(spec.clusterIPs ?? [])].filter((ip) => ip && ip !== "None");
  const nodePorts = (spec.ports ?? []).filter((port) => port.nodePort);
  return new Set([
    ...ips.map((ip) => `cluster IP ${ip}`),
    ...nodePorts.map((port) => `node port ${port.nodePort}/${port.protocol ?? "TCP"}`),
  ]);
}
