import type { Readable, Writable } from "node:stream";

/**
 * The runtime seam, shaped like CRI v1: containers in sandboxes, images by reference. It does not know what
 * a pod is. Implementations: runtime/embedded (ours, in process) and runtime/cri (any CRI socket).
 *
 * Invariants:
 * - Every call is idempotent: asking again for what already is, or to remove what is gone, succeeds.
 * - Sandboxes and containers outlive the process that made them; `list*` after a restart finds them all.
 * - Ids are chosen by the runtime: 64 hex digits. Labels and annotations come back as they were given.
 */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** Reattaches to what an earlier process left, starts the launcher. Call once. */
  start(): Promise<void>;
  /** Lets go: containers keep running. */
  close(): Promise<void>;

  runSandbox(config: SandboxConfig): Promise<Sandbox>;
  /** Kills every process in it and gives back its network; it can no longer run containers. */
  stopSandbox(id: string): Promise<void>;
  removeSandbox(id: string): Promise<void>;
  listSandboxes(): Promise<readonly Sandbox[]>;

  createContainer(sandboxId: string, config: ContainerConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Sends stopSignal, waits up to timeoutMs, then SIGKILL; resolves when it has ended. */
  stopContainer(id: string, timeoutMs: number): Promise<void>;
  /** A running container is killed first. Its writable layer goes; its log file stays. */
  removeContainer(id: string): Promise<void>;
  listContainers(): Promise<readonly Container[]>;
  containerStatus(id: string): Promise<Container | undefined>;
  /** Limits of a container that may be running; what is not named stays as it is. */
  updateResources(id: string, resources: Resources): Promise<void>;
  /** The same for the sandbox as a whole. No container may hold more than its sandbox: grow it first. */
  updateSandboxResources(id: string, resources: Resources): Promise<void>;

  exec(id: string, request: ExecRequest): Promise<ExecSession>;
  attach(
    id: string,
    request: { stdin: boolean; stdout: boolean; stderr: boolean },
  ): Promise<ExecSession>;
  /** A byte stream to a TCP port inside the sandbox's network namespace. */
  portForward(
    sandboxId: string,
    port: number,
  ): Promise<{ readable: Readable; writable: Writable; close(): void }>;
  /** Makes the container reopen its log file (after rotation by rename). */
  reopenLog(id: string): Promise<void>;

  stats(): Promise<readonly ContainerStats[]>;
  /** Why no sandbox can have users of its own here, as a sentence; undefined: it can. */
  missingUserNamespaces(): string | undefined;
  /** State changes as they happen; a reader who was away compares with `listContainers`. */
  onEvent(listener: (event: RuntimeEvent) => void): () => void;
  readonly images: ImageService;
}

export interface SandboxConfig {
  /** For humans and host names of files: "default/web-1". */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostname: string;
  /** Where container logs go; paths in ContainerConfig.logPath are relative to it. */
  readonly logDirectory: string;
  readonly namespaces: {
    readonly network: "sandbox" | "host";
    readonly pid: "container" | "sandbox" | "host";
    readonly ipc: "sandbox" | "host";
  };
  /** Users of its own, of whom none is a user of the host; wants no namespace of the host's. Absent: the host's users. */
  readonly users?: UserRange;
  /** Wanted with namespaces.network "sandbox"; set up before runSandbox resolves. */
  readonly network?: SandboxNetwork;
  /** Cgroup path below the instance's root: "burstable/pod<uid>". */
  readonly cgroupParent: string;
  /** Limits of the sandbox as a whole. */
  readonly resources: Resources;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** The ids 0 to count-1 inside are firstId to firstId+count-1 on the host, for users and groups alike. */
export interface UserRange {
  readonly firstId: number;
  readonly count: number;
}

export interface SandboxNetwork {
  readonly bridge: string;
  readonly hostInterface: string;
  /** "10.244.0.7/24" */
  readonly address: string;
  readonly gateway: string;
  readonly mtu: number;
}

export interface Sandbox {
  readonly id: string;
  readonly state: "ready" | "stopped";
  readonly createdAtMs: number;
  readonly config: SandboxConfig;
  /** The process that holds its namespaces, for /proc/PID/ns/net. */
  readonly pid: number | undefined;
}

export interface ContainerConfig {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** A reference or digest that `images.status` finds. */
  readonly image: string;
  /** Replaces the image's Entrypoint; empty: the image's. */
  readonly command: readonly string[];
  /** Replaces the image's Cmd. */
  readonly args: readonly string[];
  readonly workingDir?: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly devices: readonly {
    readonly hostPath: string;
    readonly containerPath: string;
    readonly permissions: string;
  }[];
  /** Relative to the sandbox's logDirectory. */
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly resources: Resources;
  readonly security: SecurityContext;
  /** A running container of the same sandbox whose processes this one sees and may signal. */
  readonly sharesPidsWith?: string;
  /** Signal for stopContainer; the image's StopSignal or SIGTERM when absent. */
  readonly stopSignal?: string;
}

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly isReadOnly: boolean;
  readonly propagation: "private" | "hostToContainer" | "bidirectional";
}

export interface SecurityContext {
  /** uid, or "uid:gid", or a user name of the image; absent: the image's User. */
  readonly runAsUser?: string;
  readonly runAsGroup?: number;
  readonly supplementalGroups: readonly number[];
  readonly isPrivileged: boolean;
  readonly isReadOnlyRootfs: boolean;
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  readonly allowPrivilegeEscalation: boolean;
  readonly seccomp: "runtime-default" | "unconfined" | { readonly path: string };
  readonly masksProc: boolean;
}

export interface Resources {
  /** cpu.shares / cpu.weight source, in thousandths of a core; 0: the minimum. */
  readonly cpuRequestMillis?: number;
  /** Quota per 100 ms period; absent: none. */
  readonly cpuLimitMillis?: number;
  readonly memoryLimitBytes?: number;
  readonly pidsLimit?: number;
  readonly oomScoreAdj?: number;
}

export interface Container {
  readonly id: string;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly state: "created" | "running" | "exited";
  /** Digest of the image's manifest or config, "sha256:...". */
  readonly imageId: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
  readonly pid?: number;
  /** 128 + signal when killed by one, as shells count. */
  readonly exitCode?: number;
  readonly signal?: number;
  /** "Completed", "Error", "OOMKilled", or "StartError" with a message. */
  readonly reason?: string;
  readonly message?: string;
}

export interface ExecRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Kills the command when it takes longer; `exit` then says so. */
  readonly timeoutMs?: number;
}

export interface ExecSession {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  resize(width: number, height: number): void;
  /** Once nothing more comes to stdout and stderr; what came last may still wait there to be read. */
  readonly exit: Promise<{ readonly exitCode: number; readonly isTimedOut: boolean }>;
  /** Ends the session; an exec'd command is killed, an attached container is not. */
  close(): void;
}

export type RuntimeEvent =
  | {
      readonly type: "started" | "exited";
      readonly containerId: string;
      readonly sandboxId: string;
    }
  | { readonly type: "oom"; readonly containerId: string; readonly sandboxId: string }
  | { readonly type: "sandboxStopped"; readonly sandboxId: string };

export interface ContainerStats {
  readonly containerId: string;
  readonly sandboxId: string;
  readonly atMs: number;
  /** Counter since start. */
  readonly cpuUsageNanos: number;
  readonly memoryUsageBytes: number;
  /** Usage without inactive file pages: what kubectl top shows. */
  readonly memoryWorkingSetBytes: number;
  readonly memoryRssBytes: number;
  readonly pids: number;
  /** The host's directory with all that it has written, where the runtime has one. */
  readonly writableLayer?: string;
}

export interface ImageService {
  list(): Promise<readonly Image[]>;
  /** By reference ("nginx:1.25", normalised to docker.io/library/...), by digest or by id. */
  status(reference: string): Promise<Image | undefined>;
  pull(reference: string, options: PullOptions): Promise<Image>;
  remove(reference: string): Promise<void>;
  /** Frees what nobody uses; with `all` also images that have a name and no container. */
  prune?(options: { readonly all?: boolean }): Promise<unknown>;
  /** Absent: this runtime keeps its images to itself. */
  readonly transfer?: ImageTransfer;
}

/** Images from host to host: those that came from no registry, because they were built or imported. */
export interface ImageTransfer {
  /** This machine's, as "linux/amd64". */
  readonly platform: string;
  /** Calls back when images may have come or gone, whichever process did it; returns how to stop. */
  onChange(listener: () => void): () => void;
  /** What this host may give away under that name; undefined: it has nothing, or has it from a registry. */
  offer(reference: string, platform: string): Promise<ImageOffer | undefined>;
  /** An OCI image layout as a tar, the manifest first. Throws NotFound when the image has gone meanwhile. */
  archive(offer: ImageOffer): AsyncIterable<Uint8Array>;
  /** Takes what `archive` gives. Every byte is verified against the offer's digest; of a failure nothing stays. */
  receive(reference: string, offer: ImageOffer, archive: AsyncIterable<Uint8Array>): Promise<Image>;
}

export interface ImageOffer {
  /** Of the manifest. */
  readonly digest: string;
  /** Of all blobs, as they are packed. */
  readonly sizeBytes: number;
  /** When the image was given the name, by the clock of the host where that was done. */
  readonly namedAtMs: number;
}

export interface PullOptions {
  readonly auth?: RegistryAuth;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  /** A bearer token given as it is. */
  readonly registryToken?: string;
}

export interface PullProgress {
  readonly digest: string;
  readonly phase: "waiting" | "downloading" | "unpacking" | "done";
  readonly currentBytes: number;
  readonly totalBytes: number;
}

export interface Image {
  /** Digest of the image config: "sha256:...". */
  readonly id: string;
  readonly references: readonly string[];
  /** "name@sha256:..." for what came from a registry. */
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  readonly os: string;
  readonly architecture: string;
  readonly createdAt?: string;
  readonly config: ImageConfig;
}

export interface ImageConfig {
  readonly user?: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir?: string;
  readonly exposedPorts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
}

/**
 * What the embedded runtime needs of the image store and an image builder needs of the runtime: unpacked
 * layers as overlay lower directories. A snapshot is a container's writable directory over them.
 */
export interface Snapshots {
  /** Unpacks what is missing; the lower directories, uppermost first (as overlay's lowerdir= wants them). */
  lowerDirs(imageId: string): Promise<readonly string[]>;
}

/** An operating failure with a code the caller can act on. */
export class RuntimeError extends Error {
  override name = "RuntimeError";
  readonly code: RuntimeErrorCode;
  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type RuntimeErrorCode =
  | "NotFound"
  | "InvalidImageName"
  | "ErrImagePull"
  | "ErrImageNeverPull"
  | "RegistryUnavailable"
  | "ImageArchitectureMismatch"
  | "CreateContainerConfigError"
  | "CreateContainerError"
  | "RunContainerError"
  | "InvalidArgument"
  | "Unavailable";
