import {
  MOUNT_ATTR_RDONLY,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  S_IFCHR,
} from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import { type ContainerConfig, type Mount, RuntimeError } from "#runtime/runtime";

/** overlay's options travel in one page. */
const OVERLAY_OPTIONS_LIMIT_BYTES = 4000;

export interface Rootfs {
  /** Uppermost first. */
  readonly lowerDirs: readonly string[];
  readonly upperDir: string;
  readonly workDir: string;
  /** Any empty directory: the mount is seen by the container alone. */
  readonly mountPoint: string;
}

/**
 * The overlay root, volatile: nothing of a container's layer is meant to survive a power loss, and without
 * it each end of a container would wait for a sync of the whole disk. With a slot the layers are seen with the owners
 * that the sandbox's users have; what is written belongs to these on the disk, too.
 */
export function overlaySteps(rootfs: Rootfs, idmapSlot?: number): readonly Step[] {
  const base = commonDirectory(rootfs.lowerDirs);
  const lower = rootfs.lowerDirs.map((directory) => escapeOption(directory.slice(base.length)));
  const options = [
    `lowerdir=${lower.join(":")}`,
    `upperdir=${escapeOption(rootfs.upperDir)}`,
    `workdir=${escapeOption(rootfs.workDir)}`,
    "volatile",
  ].join(",");
  if (Buffer.byteLength(options) > OVERLAY_OPTIONS_LIMIT_BYTES) {
    throw new RuntimeError(
      "CreateContainerError",
      `the image has too many layers for one overlay mount (${rootfs.lowerDirs.length}): rebuild it with fewer`,
    );
  }
  return [
    ...(idmapSlot === undefined
      ? ([["chdir", base]] as const)
      : idmappedSteps(base, idmapSlot, rootfs.mountPoint)),
    ["mount", "overlay", rootfs.mountPoint, "overlay", 0, options],
  ];
}

/** A second mount of the directory, below the mount point that the overlay then covers. */
function idmappedSteps(base: string, slot: number, mountPoint: string): readonly Step[] {
  return [
    ["tree_open", slot, base, 0],
    ["tree_idmap", slot, base],
    ["tree_attach", slot, mountPoint, 0, 0],
    ["chdir", mountPoint],
  ];
}

/** The longest directory all paths start with, with its slash: overlay resolves the rest from there. */
function commonDirectory(paths: readonly string[]): string {
  const [first = "/"] = paths;
  let base = first.slice(0, first.lastIndexOf("/") + 1);
  while (!paths.every((path) => path.startsWith(base))) {
    base = base.slice(0, base.lastIndexOf("/", base.length - 2) + 1);
  }
  return base === "" ? "/" : base;
}

function escapeOption(path: string): string {
  return path.replace(/[\\:,]/g, (character) => `\\${character}`);
}

const devices: readonly (readonly [path: string, major: number, minor: number])[] = [
  ["/dev/null", 1, 3],
  ["/dev/zero", 1, 5],
  ["/dev/full", 1, 7],
  ["/dev/random", 1, 8],
  ["/dev/urandom", 1, 9],
  ["/dev/tty", 5, 0],
];

const PROC = "/proc";
const NOTHING_EXTRA = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/** The procfs of the pid namespace that the list is applied in. */
export const mountProc: Step = ["mount", "proc", PROC, "proc", NOTHING_EXTRA, ""];

/** The one of a process 1 which applies `list` once it has been handed over to. */
export function procOfFirst(list: Uint8Array): readonly Step[] {
  return [
    ["process_one", list],
    ["process_one_proc", PROC, NOTHING_EXTRA],
  ];
}

export interface SystemMounts {
  readonly isPrivileged: boolean;
  readonly proc: readonly Step[];
  readonly cgroup: readonly Step[];
  /** The host's id of the container's group "tty". */
  readonly ttyGroup: number;
}

/** The number that all distributions agree on. */
export const TTY_GROUP = 5;

/** /proc, /dev and /sys of the container; after pivot. */
export function systemMounts(mounts: SystemMounts): readonly Step[] {
  const sysFlags = NOTHING_EXTRA | (mounts.isPrivileged ? 0 : MS_RDONLY);
  return [
    ["mkdirs", PROC, 0o555],
    ["mkdirs", "/dev", 0o755],
    ["mkdirs", "/sys", 0o555],
    ...mounts.proc,
    ["mount", "tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"],
    ...devices.map(([path, major, minor]): Step => ["mknod", path, S_IFCHR | 0o666, major, minor]),
    ["symlink", "/proc/self/fd", "/dev/fd"],
    ["symlink", "/proc/self/fd/0", "/dev/stdin"],
    ["symlink", "/proc/self/fd/1", "/dev/stdout"],
    ["symlink", "/proc/self/fd/2", "/dev/stderr"],
    ["symlink", "pts/ptmx", "/dev/ptmx"],
    ["mkdir", "/dev/pts", 0o755],
    [
      "mount",
      "devpts",
      "/dev/pts",
      "devpts",
      MS_NOSUID | MS_NOEXEC,
      `newinstance,ptmxmode=0666,mode=0620,gid=${mounts.ttyGroup}`,
    ],
    ["mkdir", "/dev/shm", 0o1777],
    ["mkdir", "/dev/mqueue", 0o755],
    optional(["mount", "mqueue", "/dev/mqueue", "mqueue", NOTHING_EXTRA, ""]),
    ["mount", "sysfs", "/sys", "sysfs", sysFlags, ""],
    ...mounts.cgroup,
  ];
}

export const masked: readonly string[] = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/devices/virtual/powercap",
  "/sys/firmware",
];

export const readOnly: readonly string[] = [
  "/proc/bus",
  "/proc/fs",
  "/proc/irq",
  "/proc/sys",
  "/proc/sysrq-trigger",
];

interface Bind {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly propagation: Mount["propagation"];
  /** Its files have the owners of a disk; not the shared memory, which the sandbox made for its users. */
  readonly isVolume: boolean;
}

const propagationFlags: Readonly<Record<Mount["propagation"], number>> = {
  private: MS_PRIVATE,
  hostToContainer: MS_SLAVE,
  bidirectional: MS_SHARED,
};

/**
 * Volumes and devices, parents before what lies in them. Opened on the host's side, attached inside the root. `slots`:
 * how many trees that takes.
 */
export function bindSteps(
  config: ContainerConfig,
  shm: string | undefined,
  hasOwnUsers: boolean,
): { open: readonly Step[]; attach: readonly Step[]; slots: number } {
  const depth = (path: string): number => path.split("/").filter((part) => part !== "").length;
  const volumes = config.mounts
    .map(
      (mount): Bind => ({
        source: mount.hostPath,
        target: mount.containerPath,
        isReadOnly: mount.isReadOnly,
        propagation: mount.propagation,
        isVolume: true,
      }),
    )
    .sort((one, other) => depth(one.target) - depth(other.target));
  const plain = { isReadOnly: false, propagation: "private", isVolume: false } as const;
  const binds: readonly Bind[] = [
    ...(shm === undefined ? [] : [{ source: shm, target: "/dev/shm", ...plain }]),
    ...volumes,
    ...config.devices.map(({ hostPath, containerPath }) => ({
      source: hostPath,
      target: containerPath,
      ...plain,
    })),
  ];
  return {
    slots: binds.length,
    open: binds.flatMap(({ source, isVolume }, slot): Step[] => [
      ["tree_open", slot, source, 1],
      ...(hasOwnUsers && isVolume ? ([["tree_idmap", slot, source]] as const) : []),
    ]),
    attach: binds.map(
      ({ target, isReadOnly, propagation }, slot): Step => [
        "tree_attach",
        slot,
        target,
        isReadOnly ? MOUNT_ATTR_RDONLY : 0,
        propagationFlags[propagation],
      ],
    ),
  };
}

/** From here on nothing done in this mount namespace reaches the host. */
export const leaveHostMounts: Step = ["mount", "none", "/", "", MS_REC | MS_SLAVE, ""];
export const makeRootReadOnly: Step = [
  "mount",
  "none",
  "/",
  "",
  MS_REMOUNT | MS_BIND | MS_RDONLY,
  "",
];
