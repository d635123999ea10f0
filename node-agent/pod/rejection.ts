import type { Pod } from "#api/schema/types";

/** Why this node runs no container of a pod, ever: the pod has Failed with this. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Settings that change only the pod's own namespaces and cost the host nothing. Source: the page "Using sysctls". */
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);

/** Pure; the same answer for the whole life of the pod. */
export function rejectionOf({ spec }: Pod): Rejection | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const problem = sysctlProblem(name.replaceAll("/", "."), spec);
    if (!problem) continue;
    return { reason: "SysctlForbidden", message: `Pod was rejected: forbidden sysctl: ${problem}` };
  }
  return undefined;
}

function sysctlProblem(name: string, spec: Pod["spec"]): string | undefined {
  if (!safeSysctls.has(name)) return `${JSON.stringify(name)} not allowlisted`;
  const title = `sysctl ${JSON.stringify(name)}`;
  if (spec.hostNetwork && name.startsWith("net.")) {
    return `${title} not allowed with host net enabled`;
  }
  return spec.hostIPC && name.startsWith("kernel.")
    ? `${title} not allowed with host ipc enabled`
    : undefined;
}

/**
 * Throws for what another node could do: the pod waits, and its events say for what. missingUserNamespaces: why there
 * are none here.
 */
export function requireSupported({ spec }: Pod, missingUserNamespaces: string | undefined): void {
  if (spec.hostUsers !== false || missingUserNamespaces === undefined) return;
  throw new Error(
    `can't set \`spec.hostUsers: false\`, runtime does not support user namespaces: ${missingUserNamespaces}`,
  );
}
