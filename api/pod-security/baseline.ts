import {
  type Check,
  containersOf,
  listed,
  namesWhere,
  plural,
  podAnd,
  quoted,
  violation,
} from "#api/pod-security/containers";
import type { PodSpec, SeccompProfile, SELinuxOptions } from "#api/schema/types";

/**
 * The level "baseline": known ways out of a container are closed. Source: Kubernetes, "Pod Security Standards";
 * reasons and details are worded as its admission words them, for people search for them.
 */
const defaultCapabilities = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
  ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];
const safeSysctls = [
  "kernel.shm_rmid_forced",
  ...["ip_local_port_range", "tcp_syncookies", "ping_group_range", "ip_unprivileged_port_start"],
  ...["ip_local_reserved_ports", "tcp_keepalive_time", "tcp_fin_timeout"],
  ...["tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_rmem", "tcp_wmem"],
].map((name) => (name.includes(".") ? name : `net.ipv4.${name}`));
const allowedTypes = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];
const allowedProfiles = ["", "RuntimeDefault", "Localhost"];
const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const appArmorProfile = (
  spec: PodSpec,
  annotations: Readonly<Record<string, string>> = {},
): ReturnType<Check> => {
  const isBad = (type: string | undefined): boolean => !allowedProfiles.includes(type ?? "");
  const names = namesWhere(spec, (one) => isBad(one.securityContext?.appArmorProfile?.type));
  const isPod = isBad(spec.securityContext?.appArmorProfile?.type);
  const who = podAnd(isPod, names);
  const types = [
    ...(isPod ? [spec.securityContext?.appArmorProfile?.type ?? ""] : []),
    ...containersOf(spec).flatMap(({ name, securityContext }) =>
      names.includes(name) ? [securityContext?.appArmorProfile?.type ?? ""] : [],
    ),
  ];
  const details = who
    ? [`${who} must not set AppArmor profile type to ${quoted([...new Set(types)])}`]
    : [];
  for (const [key, value] of Object.entries(annotations)) {
    const isAllowed = value === "" || value === "runtime/default" || value.startsWith("localhost/");
    if (key.startsWith(APPARMOR_ANNOTATION) && !isAllowed) details.push(`${key}="${value}"`);
  }
  if (details.length === 0) return undefined;
  return violation(`forbidden AppArmor ${plural("profile", details)}`, details.join(", "));
};

export const capabilitiesBaseline: Check = (spec) => {
  const added = (name: string): boolean => !defaultCapabilities.includes(name);
  const names = namesWhere(spec, (one) =>
    (one.securityContext?.capabilities?.add ?? []).some(added),
  );
  if (names.length === 0) return undefined;
  const all = containersOf(spec).flatMap((one) => one.securityContext?.capabilities?.add ?? []);
  const bad = [...new Set(all.filter(added))].sort();
  const detail = `${listed("container", names)} must not include ${quoted(bad)} in securityContext.capabilities.add`;
  return violation("non-default capabilities", detail);
};

export const hostNamespaces: Check = (spec) => {
  const used = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((name) => spec[name]);
  if (used.length === 0) return undefined;
  return violation("host namespaces", used.map((name) => `${name}=true`).join(", "));
};

export const hostPathVolumes: Check = (spec) => {
  const names = (spec.volumes ?? []).flatMap(({ name, hostPath }) => (hostPath ? [name] : []));
  return names.length > 0 ? violation("hostPath volumes", listed("volume", names)) : undefined;
};

export const hostPorts: Check = (spec) => {
  const names = namesWhere(spec, ({ ports }) => (ports ?? []).some(({ hostPort }) => hostPort));
  if (names.length === 0) return undefined;
  const all = containersOf(spec).flatMap(({ ports }) => ports ?? []);
  const ports = [...new Set(all.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : [])))];
  const verb = names.length === 1 ? "uses" : "use";
  const detail = `${listed("container", names)} ${verb} ${plural("hostPort", ports)} ${ports.sort().join(", ")}`;
  return violation("hostPort", detail);
};

export const privileged: Check = (spec) => {
  const names = namesWhere(spec, (one) => one.securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  const detail = `${listed("container", names)} must not set securityContext.privileged=true`;
  return violation("privileged", detail);
};

export const procMount: Check = (spec) => {
  const isBad = (type: string | undefined): boolean => type !== undefined && type !== "Default";
  const names = namesWhere(spec, (one) => isBad(one.securityContext?.procMount));
  if (names.length === 0) return undefined;
  const types = containersOf(spec).flatMap((one) => one.securityContext?.procMount ?? []);
  const bad = [...new Set(types.filter(isBad))];
  const detail = `${listed("container", names)} must not set securityContext.procMount to ${quoted(bad)}`;
  return violation("procMount", detail);
};

export const seLinuxOptions: Check = (spec) => {
  const problemsOf = (options: SELinuxOptions = {}): string[] => [
    ...(allowedTypes.includes(options.type ?? "") ? [] : [`type ${quoted([options.type ?? ""])}`]),
    ...(options.user ? ["user may not be set"] : []),
    ...(options.role ? ["role may not be set"] : []),
  ];
  const ofPod = problemsOf(spec.securityContext?.seLinuxOptions);
  const names = namesWhere(
    spec,
    (one) => problemsOf(one.securityContext?.seLinuxOptions).length > 0,
  );
  const who = podAnd(ofPod.length > 0, names);
  if (!who) return undefined;
  const ofContainers = containersOf(spec).flatMap((one) =>
    problemsOf(one.securityContext?.seLinuxOptions),
  );
  const problems = [...new Set([...ofPod, ...ofContainers])];
  const detail = `${who} set forbidden securityContext.seLinuxOptions: ${problems.join("; ")}`;
  return violation("seLinuxOptions", detail);
};

export const seccompBaseline: Check = (spec) => {
  const isBad = (profile: SeccompProfile | undefined): boolean => profile?.type === "Unconfined";
  const names = namesWhere(spec, (one) => isBad(one.securityContext?.seccompProfile));
  const who = podAnd(isBad(spec.securityContext?.seccompProfile), names);
  if (!who) return undefined;
  const detail = `${who} must not set securityContext.seccompProfile.type to "Unconfined"`;
  return violation("seccompProfile", detail);
};

export const sysctls: Check = (spec) => {
  const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name);
  const bad = names.filter((name) => !safeSysctls.includes(name.replaceAll("/", ".")));
  return bad.length > 0 ? violation("forbidden sysctls", bad.join(", ")) : undefined;
};

export const windowsHostProcess: Check = (spec) => {
  const names = namesWhere(
    spec,
    (one) => one.securityContext?.windowsOptions?.hostProcess === true,
  );
  const who = podAnd(spec.securityContext?.windowsOptions?.hostProcess === true, names);
  if (!who) return undefined;
  return violation(
    "hostProcess",
    `${who} must not set securityContext.windowsOptions.hostProcess=true`,
  );
};
