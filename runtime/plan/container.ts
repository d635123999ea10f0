import type { GroupPlan } from "#runtime/cgroups/hierarchy";
import { type CapabilityName, capabilityMask } from "#runtime/plan/capabilities";
import { containerCommand, containerEnvironment } from "#runtime/plan/environment";
import {
  bindSteps,
  leaveHostMounts,
  makeRootReadOnly,
  masked,
  mountProc,
  overlaySteps,
  procOfFirst,
  type Rootfs,
  readOnly,
  systemMounts,
  TTY_GROUP,
} from "#runtime/plan/filesystem";
import { CLONE_NEWCGROUP, CLONE_NEWNS, CLONE_NEWPID } from "#runtime/plan/flags";
import { encodeOperations, optional, type Step } from "#runtime/plan/operations";
import type { ContainerUser } from "#runtime/plan/users";
import {
  type ContainerConfig,
  type ExecRequest,
  type ImageConfig,
  RuntimeError,
  type SandboxConfig,
  type UserRange,
} from "#runtime/runtime";

/** Everything a container's plan depends on, as data. */
export interface ContainerInput {
  readonly config: ContainerConfig;
  readonly image: ImageConfig;
  readonly sandbox: Pick<SandboxConfig, "hostname" | "namespaces" | "users">;
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
  const { users } = input.sandbox;
  return {
    cloneFlags: CLONE_NEWNS | (ownsPids && users === undefined ? CLONE_NEWPID : 0),
    pidsOf: input.sandbox.namespaces.pid === "container" ? (config.sharesPidsWith ?? "") : "",
    streams: streamFlags(config),
    before: [
      ["mkdirs", rootfs.upperDir, 0o755],
      ["mkdirs", rootfs.workDir, 0o700],
      ...(users ? ([["chown", rootfs.upperDir, users.firstId, users.firstId]] as const) : []),
      ...group.create,
    ],
    child: users ? childOfUsers(input, users, ownsPids) : childOfHost(input),
    after: [...(ownsPids ? [] : group.kill), ...group.remove],
  };
}

function streamFlags(config: ContainerConfig): string {
  return `${config.tty ? "t" : ""}${config.stdin ? "i" : ""}${config.stdinOnce ? "1" : ""}`;
}

function childOfHost(input: ContainerInput): readonly Step[] {
  return [...hostSteps(input, [mountProc]), ...processSteps(input)];
}

/**
 * What needs the host's rights comes first, then these are given up. The mount namespace is copied after that, which
 * locks all that was mounted. A process 1 of the users cannot be cloned by one who still has the host's rights: it is
 * made in between, waits, and is handed over to.
 */
function childOfUsers(input: ContainerInput, users: UserRange, ownsPids: boolean): readonly Step[] {
  const inside: readonly Step[] = [
    ["unshare", CLONE_NEWNS | CLONE_NEWCGROUP],
    ...processSteps(input),
  ];
  const streams = streamOwner(users, input.user);
  return ownsPids
    ? [...hostSteps(input, procOfFirst(encodeOperations(inside))), streams, ["hand_over"]]
    : [...hostSteps(input, [mountProc]), streams, ["user_enter"], ...inside];
}

function streamOwner({ firstId, count }: UserRange, { uid, gid, groups }: ContainerUser): Step {
  const stranger = [uid, gid, ...groups].find((id) => id >= count);
  if (stranger !== undefined) {
    throw new RuntimeError(
      "CreateContainerError",
      `user or group ${stranger} is none of the ids 0 to ${count - 1} of a pod with hostUsers: false`,
    );
  }
  return ["stream_owner", firstId + uid, firstId + gid];
}

/** Cgroup and root, by a process with the host's rights. */
function hostSteps(input: ContainerInput, proc: readonly Step[]): readonly Step[] {
  const { config, image, rootfs, group, shm } = input;
  const { users } = input.sandbox;
  const { security } = config;
  const binds = bindSteps(config, shm, users !== undefined);
  const hides = security.masksProc && !security.isPrivileged;
  return [
    ...group.join,
    ...oomScore(config),
    ["unshare", CLONE_NEWCGROUP],
    ...binds.open,
    leaveHostMounts,
    ...overlaySteps(rootfs, users && binds.slots),
    ...(users ? ([["file_owner", users.firstId, users.firstId]] as const) : []),
    ["pivot", rootfs.mountPoint],
    ...systemMounts({
      isPrivileged: security.isPrivileged,
      proc,
      cgroup: group.show,
      ttyGroup: (users?.firstId ?? 0) + TTY_GROUP,
    }),
    ...binds.attach,
    ...(hides ? masked.map((path): Step => ["mask", path]) : []),
    ...(hides ? readOnly.map((path): Step => ["read_only", path]) : []),
    ["mkdirs", workingDirectory(config, image), 0o755],
    ...(security.isReadOnlyRootfs ? [makeRootReadOnly] : []),
  ];
}

function workingDirectory(config: ContainerConfig, image: ImageConfig): string {
  return config.workingDir || image.workingDir || "/";
}

/** Lowering it takes a capability that Kaji may lack. */
function oomScore({ resources }: ContainerConfig): readonly Step[] {
  const score = resources.oomScoreAdj ?? 0;
  return [optional(["write", "/proc/self/oom_score_adj", String(score)])];
}

/** The process itself, with no more rights than its users have. */
function processSteps(input: ContainerInput): readonly Step[] {
  const { config, image, user } = input;
  const command = containerCommand(config, image);
  if (command.length === 0) {
    throw new RuntimeError("CreateContainerError", "no command specified");
  }
  const environment = containerEnvironment({
    config,
    image,
    hostname: input.sandbox.hostname,
    home: user.home,
  });
  return [
    ["session"],
    ...(config.tty ? ([["pty", 1, user.uid]] as const) : []),
    ["chdir", workingDirectory(config, image)],
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
  readonly sandbox: Pick<SandboxConfig, "hostname" | "users">;
  readonly group: GroupPlan;
  readonly request: ExecRequest;
}

/** A command beside a container's own: same namespaces, group, user, filter. */
export function planExec(input: ExecInput): { streams: string; child: readonly Step[] } {
  const { config, image, request, user } = input;
  const { hostname, users } = input.sandbox;
  const environment = containerEnvironment({
    config: { ...config, tty: request.tty },
    image,
    hostname,
    home: user.home,
  });
  return {
    streams: `${request.tty ? "t" : ""}${request.stdin ? "i" : ""}`,
    child: [
      ...input.group.join,
      ["enter"],
      ...(users ? ([streamOwner(users, user), ["user_enter"]] as const) : []),
      ["session"],
      ...(request.tty ? ([["pty", 0, user.uid]] as const) : []),
      ["chdir", workingDirectory(config, image)],
      ...identitySteps(input),
      ["exec", request.command.length, ...request.command, ...environment],
    ],
  };
}
