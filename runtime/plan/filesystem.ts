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
 * it each end of a container would wait for a sync of the whole disk.
 */
export function overlaySteps(rootfs: Rootfs): readonly Step[] {
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
    ["chdir", base],
    ["mount", "overlay", rootfs.mountPoint, "overlay", 0, options],
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

const NOTHING_EXTRA = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/** /proc, /dev and /sys of the container; after pivot. */
export function systemMounts(isPrivileged: boolean, cgroup: readonly Step[]): readonly Step[] {
  const sysFlags = NOTHING_EXTRA | (isPrivileged ? 0 : MS_RDONLY);
  return [
    ["mkdirs", "/proc", 0o555],
    ["mkdirs", "/dev", 0o755],
    ["mkdirs", "/sys", 0o555],
    ["mount", "proc", "/proc", "proc", NOTHING_EXTRA, ""],
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
      "newinstance,ptmxmode=0666,mode=0620,gid=5",
    ],
    ["mkdir", "/dev/shm", 0o1777],
    ["mkdir", "/dev/mqueue", 0o755],
    optional(["mount", "mqueue", "/dev/mqueue", "mqueue", NOTHING_EXTRA, ""]),
    ["mount", "sysfs", "/sys", "sysfs", sysFlags, ""],
    ...cgroup,
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
}

const propagationFlags: Readonly<Record<Mount["propagation"], number>> = {
  private: MS_PRIVATE,
  hostToContainer: MS_SLAVE,
  bidirectional: MS_SHARED,
};

/** Volumes and devices, parents before what lies in them. Opened on the host's side, attached inside the root. */
export function bindSteps(
  config: ContainerConfig,
  shm: string | undefined,
): { open: readonly Step[]; attach: readonly Step[] } {
  const depth = (path: string): number => path.split("/").filter((part) => part !== "").length;
  const volumes = config.mounts
    .map(
      (mount): Bind => ({
        source: mount.hostPath,
        target: mount.containerPath,
        isReadOnly: mount.isReadOnly,
        propagation: mount.propagation,
      }),
    )
    .sort((one, other) => depth(one.target) - depth(other.target));
  const plain = { isReadOnly: false, propagation: "private" } as const;
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
    open: binds.map(({ source }, slot): Step => ["tree_open", slot, source, 1]),
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
