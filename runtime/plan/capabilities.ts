import { RuntimeError, type SecurityContext } from "#runtime/runtime";

/** In the kernel's order: the number is the place (linux/capability.h). */
export const capabilityNames = [
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "IPC_OWNER",
  "SYS_MODULE",
  "SYS_RAWIO",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_PACCT",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_NICE",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "MKNOD",
  "LEASE",
  "AUDIT_WRITE",
  "AUDIT_CONTROL",
  "SETFCAP",
  "MAC_OVERRIDE",
  "MAC_ADMIN",
  "SYSLOG",
  "WAKE_ALARM",
  "BLOCK_SUSPEND",
  "AUDIT_READ",
  "PERFMON",
  "BPF",
  "CHECKPOINT_RESTORE",
] as const;

export type CapabilityName = (typeof capabilityNames)[number];

/** What a container has that asks for nothing: the set of Docker and containerd. */
const defaultNames: readonly CapabilityName[] = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
];

/**
 * The capabilities a container holds. Without a device filter (a v1 host that has no devices controller) MKNOD
 * would open the host's disks, so it must then be asked for by name.
 */
export function grantedCapabilities(
  security: SecurityContext,
  hasDeviceFilter: boolean,
): ReadonlySet<CapabilityName> {
  if (security.isPrivileged) return new Set(capabilityNames);
  const defaults = defaultNames.filter((name) => name !== "MKNOD" || hasDeviceFilter);
  const added = security.addCapabilities.flatMap(parse);
  const dropsAll = security.dropCapabilities.some((name) => normalise(name) === "ALL");
  const dropped = new Set(dropsAll ? capabilityNames : security.dropCapabilities.flatMap(parse));
  const addsAll = security.addCapabilities.some((name) => normalise(name) === "ALL");
  if (addsAll) {
    const kept = dropsAll ? capabilityNames : capabilityNames.filter((name) => !dropped.has(name));
    return new Set(kept);
  }
  return new Set([...defaults.filter((name) => !dropped.has(name)), ...added]);
}

export function capabilityMask(names: ReadonlySet<CapabilityName>): bigint {
  let mask = 0n;
  capabilityNames.forEach((name, number) => {
    if (names.has(name)) mask |= 1n << BigInt(number);
  });
  return mask;
}

function normalise(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}

function parse(name: string): readonly CapabilityName[] {
  const plain = normalise(name);
  if (plain === "ALL") return [];
  const known = capabilityNames.find((candidate) => candidate === plain);
  if (known !== undefined) return [known];
  throw new RuntimeError("CreateContainerError", `unknown capability "${name}"`);
}
