import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import { fullNameOf, hostnameOf } from "#node-agent/container/host-files";
import { cgroupParent, podResources } from "#node-agent/container/resources";
import type { HostPort } from "#node-agent/network/network";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { podLabels } from "#node-agent/pod/labels";
import type { SandboxConfig, SandboxNetwork, UserRange } from "#runtime/runtime";

export function podLogDirectory(root: string, pod: Pod): string {
  return join(root, `${namespaceOf(pod)}_${pod.metadata.name}_${uidOf(pod)}`);
}

export function sandboxConfig(
  pod: Pod,
  network: SandboxNetwork | undefined,
  options: {
    readonly logDirectory: string;
    readonly clusterDomain: string;
    readonly hostname: string;
    readonly podPidsLimit: number;
    readonly users?: UserRange | undefined;
  },
): SandboxConfig {
  const { spec } = pod;
  const fullName = spec.setHostnameAsFQDN ? fullNameOf(pod, options.clusterDomain) : undefined;
  const sysctls = (spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]);
  return {
    name: `${namespaceOf(pod)}/${pod.metadata.name}`,
    labels: podLabels(pod),
    annotations: {},
    hostname: spec.hostNetwork ? options.hostname : (fullName ?? hostnameOf(pod)),
    logDirectory: podLogDirectory(options.logDirectory, pod),
    namespaces: {
      network: spec.hostNetwork ? "host" : "sandbox",
      pid: spec.hostPID ? "host" : spec.shareProcessNamespace ? "sandbox" : "container",
      ipc: spec.hostIPC ? "host" : "sandbox",
    },
    ...(network ? { network } : {}),
    ...(options.users ? { users: options.users } : {}),
    cgroupParent: cgroupParent(pod),
    resources: podResources(pod, options.podPidsLimit),
    sysctls: Object.fromEntries(sysctls) as Record<string, string>,
  };
}

export function hostPortsOf(pod: Pod): HostPort[] {
  return pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort, hostIP, protocol }) =>
      hostPort ? [{ hostIp: hostIP, hostPort, containerPort, protocol: protocolOf(protocol) }] : [],
    ),
  );
}

function protocolOf(protocol: string | undefined): HostPort["protocol"] {
  return protocol === "UDP" || protocol === "SCTP" ? protocol : "TCP";
}
