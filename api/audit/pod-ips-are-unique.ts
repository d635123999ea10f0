import { defineAudit, describe } from "#api/audit/define-audit";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";

export const podIpsAreUnique = defineAudit({
  name: "pod-ips-are-unique",
  invariant: "No two running pods have one address on the pod network.",
  isEventual: false,
  *check(objects) {
    const owners = new Map<string, Pod>();
    for (const pod of objects.of<Pod>("Pod")) {
      if (pod.spec.hostNetwork || isPodTerminal(pod)) continue;
      const named = (pod.status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
      const ips = new Set(pod.status?.podIP ? [...named, pod.status.podIP] : named);
      for (const ip of ips) {
        const other = owners.get(ip);
        if (other)
          yield { object: pod, message: `its address ${ip} is also that of ${describe(other)}` };
        owners.set(ip, pod);
      }
    }
  },
});
