import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Container, Pod, VolumeMount } from "#api/schema/types";
import { podClaims } from "#api/storage/pod-claims";
import { expand } from "#node-agent/container/expand";
import { ConfigError } from "#node-agent/objects";
import { bindSubPath } from "#node-agent/volumes/sub-path";
import type { Mount } from "#runtime/runtime";

/** A pod's own files that its containers see. */
export interface SharedFiles {
  readonly hosts: string;
  readonly resolvConf: string;
  readonly hostname: string;
}

export interface MountsInput {
  readonly pod: Pod;
  readonly container: Container;
  /** <lib>/agent/pods/UID */
  readonly podDirectory: string;
  readonly restartCount: number;
  readonly volumePaths: ReadonlyMap<string, string>;
  readonly sharedFiles: SharedFiles;
  readonly env: ReadonlyMap<string, string>;
}

export async function containerMounts(input: MountsInput): Promise<Mount[]> {
  const { container, sharedFiles } = input;
  const mounts: Mount[] = [];
  for (const [at, mount] of (container.volumeMounts ?? []).entries()) {
    mounts.push(await volumeMount(input, mount, at));
  }
  const taken = new Set(mounts.map((mount) => mount.containerPath));
  const files: [string, string][] = [
    ["/etc/hosts", sharedFiles.hosts],
    ["/etc/resolv.conf", sharedFiles.resolvConf],
    ["/etc/hostname", sharedFiles.hostname],
    [terminationPathOf(container), await makeTerminationLog(input)],
  ];
  for (const [containerPath, hostPath] of files) {
    if (taken.has(containerPath)) continue;
    mounts.push({ hostPath, containerPath, isReadOnly: false, propagation: "private" });
  }
  return mounts;
}

async function volumeMount(input: MountsInput, mount: VolumeMount, at: number): Promise<Mount> {
  const base = input.volumePaths.get(mount.name);
  if (base === undefined) {
    throw new ConfigError(
      `volume "${mount.name}" of container "${input.container.name}" not found`,
    );
  }
  const subPath = mount.subPathExpr ? expand(mount.subPathExpr, input.env) : (mount.subPath ?? "");
  const target = join(input.podDirectory, "subpaths", input.container.name, String(at));
  return {
    hostPath: subPath === "" ? base : await bindSubPath(base, subPath, target),
    containerPath: mount.mountPath,
    isReadOnly: (mount.readOnly ?? false) || isReadOnlyClaim(input.pod, mount.name),
    propagation: propagationOf(mount),
  };
}

function isReadOnlyClaim(pod: Pod, volumeName: string): boolean {
  return podClaims(pod).some((claim) => claim.volumeName === volumeName && claim.isReadOnly);
}

function propagationOf(mount: VolumeMount): Mount["propagation"] {
  switch (mount.mountPropagation) {
    case "HostToContainer":
      return "hostToContainer";
    case "Bidirectional":
      return "bidirectional";
    default:
      return "private";
  }
}

export function terminationPathOf(container: Container): string {
  return container.terminationMessagePath ?? "/dev/termination-log";
}

export function terminationLogPath(
  podDirectory: string,
  container: string,
  restartCount: number,
): string {
  return join(podDirectory, "containers", container, `${restartCount}.termination-log`);
}

/** A fresh file per start; any user of the container may write it. */
async function makeTerminationLog(input: MountsInput): Promise<string> {
  const { podDirectory, container, restartCount } = input;
  const path = terminationLogPath(podDirectory, container.name, restartCount);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "", { mode: 0o666, flag: "w" });
  await chmod(path, 0o666);
  return path;
}
