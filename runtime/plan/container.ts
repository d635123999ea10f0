import type { GroupPlan } from "#runtime/cgroups/hierarchy";
import { type CapabilityName, capabilityMask } from "#runtime/plan/capabilities";
import { containerCommand, containerEnvironment } from "#runtime/plan/environment";
import {
  bindSteps,
  leaveHostMounts,
  makeRootReadOnly,
  masked,
  overlaySteps,
  type Rootfs,
  readOnly,
  systemMounts,
} from "#runtime/plan/filesystem";
import { CLONE_NEWCGROUP, CLONE_NEWNS, CLONE_NEWPID } from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import type { ContainerUser } from "#runtime/plan/users";
import {
  type ContainerConfig,
  type ExecRequest,
  type ImageConfig,
  RuntimeError,
  type SandboxConfig,
} from "#runtime/runtime";

/** Everything a container's plan depends on, as data. */
export interface ContainerInput {
  readonly config: ContainerConfig;
  readonly image: ImageConfig;
  readonly sandbox: Pick<SandboxConfig, "hostname" | "namespaces">;
  readonly user: ContainerUser;
  readonly capabilities: ReadonlySet<CapabilityName>;
  /** Compiled; undefined: unconfined. */
  readonly seccomp: Uint8Array | undefined;
  readonly rootfs: Rootfs;
  readonly group: GroupPlan;
  /** The sandbox's /dev/shm on the host, or the host's own. */
  readonly shm: string;
}

export interface ContainerPlan {
  readonly cloneFlags: number;
  /** The container whose pid namespace the child is made in; empty: the sandbox's way. */
  readonly pidsOf: string;
  /** For the native side: t a terminal, i standard input, 1 closed after the first attach. */
  readonly streams: string;
  /** Done by the supervisor, before the child is made. */
  readonly before: readonly Step[];
  readonly child: readonly Step[];
  /** Done by the supervisor when the container has ended. */
  readonly after: readonly Step[];
}

export function planContainer(input: ContainerInput): ContainerPlan {
  const { config, rootfs, group } = input;
  const isGuest = config.sharesPidsWith !== undefined;
  const ownsPids = input.sandbox.namespaces.pid === "container" && !isGuest;
  return {
    cloneFlags: CLONE_NEWNS | (ownsPids ? CLONE_NEWPID : 0),
    pidsOf: input.sandbox.namespaces.pid === "container" ? (config.sharesPidsWith ?? "") : "",
    streams: streamFlags(config),
    before: [
      ["mkdirs", rootfs.upperDir, 0o755],
      ["mkdirs", rootfs.workDir, 0o700],
      ...group.create,
    ],
    child: [
      ...group.join,
      ["unshare", CLONE_NEWCGROUP],
      ...rootSteps(input),
      ...processSteps(input),
    ],
    after: [...(ownsPids ? [] : group.kill), ...group.remove],
  };
}

function streamFlags(config: ContainerConfig): string {
  return `${config.tty ? "t" : ""}${config.stdin ? "i" : ""}${config.stdinOnce ? "1" : ""}`;
}

function rootSteps({ config, rootfs, group, shm }: ContainerInput): readonly Step[] {
  const { security } = config;
  const binds = bindSteps(config, shm);
  const hides = security.masksProc && !security.isPrivileged;
  return [
    ...binds.open,
    leaveHostMounts,
    ...overlaySteps(rootfs),
    ["pivot", rootfs.mountPoint],
    ["session"],
    ...systemMounts(security.isPrivileged, group.show),
    ...oomScore(config),
    ...binds.attach,
    ...(hides ? masked.map((path): Step => ["mask", path]) : []),
    ...(hides ? readOnly.map((path): Step => ["read_only", path]) : []),
  ];
}

/** Lowering it takes a capability that Kaji may lack. */
function oomScore({ resources }: ContainerConfig): readonly Step[] {
  const score = resources.oomScoreAdj ?? 0;
  return [optional(["write", "/proc/self/oom_score_adj", String(score)])];
}

function processSteps(input: ContainerInput): readonly Step[] {
  const { config, image, user } = input;
  const command = containerCommand(config, image);
  if (command.length === 0) {
    throw new RuntimeError("CreateContainerError", "no command specified");
  }
  const cwd = config.workingDir || image.workingDir || "/";
  const environment = containerEnvironment({
    config,
    image,
    hostname: input.sandbox.hostname,
    home: user.home,
  });
  return [
    ["mkdirs", cwd, 0o755],
    ...(config.tty ? ([["pty", 1, user.uid]] as const) : []),
    ...(config.security.isReadOnlyRootfs ? [makeRootReadOnly] : []),
    ["chdir", cwd],
    ...identitySteps(input),
    ["exec", command.length, ...command, ...environment],
  ];
}

type Identity = Pick<ContainerInput, "config" | "user" | "capabilities" | "seccomp">;

/**
 * Who the process becomes. Without no_new_privs a filter needs CAP_SYS_ADMIN to load, so it then comes
 * before the change of user; otherwise it is the last step and filters nothing of ours.
 */
function identitySteps({ config, user, capabilities, seccomp }: Identity): readonly Step[] {
  const { security } = config;
  const isLocked = !security.allowPrivilegeEscalation && !security.isPrivileged;
  const filter: readonly Step[] = seccomp === undefined ? [] : [["seccomp", seccomp]];
  const mask = capabilityMask(capabilities);
  const held = user.uid === 0 ? mask : 0n;
  return [
    ...(isLocked ? [] : filter),
    ["groups", ...user.groups],
    ["user", user.uid, user.gid],
    ["capabilities", mask, held, held, 0n, 0n],
    ["die_with_parent"],
    ...(isLocked ? ([["no_new_privileges"], ...filter] as const) : []),
  ];
}

export interface ExecInput extends Identity {
  readonly image: ImageConfig;
  readonly hostname: string;
  readonly group: GroupPlan;
  readonly request: ExecRequest;
}

/** A command beside a container's own: same namespaces, group, user, filter. */
export function planExec(input: ExecInput): { streams: string; child: readonly Step[] } {
  const { config, image, request, user } = input;
  const environment = containerEnvironment({
    config: { ...config, tty: request.tty },
    image,
    hostname: input.hostname,
    home: user.home,
  });
  const cwd = config.workingDir || image.workingDir || "/";
  return {
    streams: `${request.tty ? "t" : ""}${request.stdin ? "i" : ""}`,
    child: [
      ...input.group.join,
      ["enter"],
      ["session"],
      ...(request.tty ? ([["pty", 0, user.uid]] as const) : []),
      ["chdir", cwd],
      ...identitySteps(input),
      ["exec", request.command.length, ...request.command, ...environment],
    ],
  };
}
