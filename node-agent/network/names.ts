import { createHash } from "node:crypto";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Locations } from "#kit/locations";

/** What the network of one instance is called on the host; everything that clean-up must find. */
export interface NetworkNames {
  readonly bridge: string;
  /** VXLAN to the nodes that are on no link of this one. */
  readonly tunnel: string;
  readonly table: string;
  readonly addressFile: string;
  /** Whose routes are this node's to remove. */
  readonly rangeFile: string;
  /** Shared by all instances of one network namespace, for the settings are. */
  readonly sysctlFile: string;
  readonly directory: string;
}

export function networkNames({ run, instance }: Locations): NetworkNames {
  const directory = join(run, "network");
  return {
    bridge: `${instance}0`,
    tunnel: `${instance}-vx`,
    table: instance,
    directory,
    addressFile: join(directory, "addresses.json"),
    rangeFile: join(directory, "range.json"),
    sysctlFile: `/run/kaji-sysctls-${networkNamespace()}.json`,
  };
}

/** The inode that names this process's network namespace. */
function networkNamespace(): string {
  return readlinkSync("/proc/self/ns/net").replace(/\D/g, "");
}

/** How the names of all pods' interfaces begin. */
export function hostInterfacePrefix({ instance }: Locations): string {
  return instance.slice(0, 4);
}

/** At most 15 characters, the same for a pod each time, different between instances. */
export function hostInterfaceOf(locations: Locations, podUid: string): string {
  const { instance } = locations;
  const digest = createHash("sha256").update(`${instance}/${podUid}`).digest("hex");
  return `${hostInterfacePrefix(locations)}${digest.slice(0, 10)}`;
}

/** A fixed address: otherwise a bridge takes that of a port, and pods lose their gateway when it changes. */
export function bridgeMac({ instance }: Locations): string {
  const digest = createHash("sha256").update(instance).digest("hex");
  return `02:${(digest.slice(0, 10).match(/../g) ?? []).join(":")}`;
}

/** What the runtime gives a pod's interface (runtime/native/op-namespaces.c, add_veth): it follows from the pod's IP. */
export function hardwareAddressOf(ip: string): string {
  const octets = ip.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return ["0a", "58", ...octets].join(":");
}
