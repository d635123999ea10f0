import type { Container as ContainerSpec, Pod } from "#api/schema/types";
import type { Size } from "#node-agent/container/resources";
import type { PendingResize } from "#node-agent/resize/allocations";
import type { PodEnd } from "#node-agent/pod/pod-end";
import type { PodStage } from "#node-agent/pod/transitions";

/**
 * Everything that is known about one pod at one moment, as data: what planPod and podStatus read. The worker
 * builds it from the desired pod, the runtime's lists (by label) and its own notes.
 */
export interface PodView {
  readonly pod: Pod;
  /** No longer this node's: ends at once, without grace. */
  readonly isRemoved: boolean;
  /** The node ends it. */
  readonly end?: PodEnd;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly stage: PodStage;
  /** The newest sandbox; older ones are only removed. */
  readonly sandbox: SandboxRecord | undefined;
  readonly staleSandboxIds: readonly string[];
  /** Of all sandboxes of the pod, oldest first. */
  readonly containers: readonly ContainerRecord[];
  readonly volumes: VolumesState;
  /** What `pod` (which has only what is set aside for it) does not show of a resize. */
  readonly resize: {
    readonly pending: PendingResize | undefined;
    /** Why the last attempt to carry one out failed. */
    readonly failure: Failure | undefined;
  };
  /** Ids of containers that were stopped so that they start again. */
  readonly restarting: ReadonlySet<string>;
  /** Why the last attempt to make the sandbox failed. */
  readonly sandboxFailure: Failure | undefined;
  /** Why the last attempt to start a container failed, by container name. */
  readonly startFailures: ReadonlyMap<string, Failure>;
  /** By container id. */
  readonly probes: ReadonlyMap<string, ProbeVerdicts>;
  /** Keys of actions that are under way (actionKey). */
  readonly inFlight: ReadonlySet<string>;
  /** Volumes, network and directories are given back. */
  readonly isReleased: boolean;
  /** Nothing of the pod is left on this node. */
  readonly isCleaned: boolean;
}

export interface SandboxRecord {
  readonly id: string;
  readonly isReady: boolean;
  readonly createdAtMs: number;
  readonly ip: string | undefined;
  readonly size: Size;
}

export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly restartCount: number;
  readonly specHash: string;
  readonly size: Size;
  /** The crash-loop delay that a failure of this very container brings. */
  readonly backoffMs: number;
  readonly state: "created" | "running" | "exited";
  readonly image: string;
  readonly imageId: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  readonly exitCode: number;
  readonly signal: number | undefined;
  readonly reason: string | undefined;
  /** From the termination log, or the runtime's own words. */
  readonly message: string | undefined;
}

export interface Failure {
  /** A waiting reason: ErrImagePull, CreateContainerConfigError, ... */
  readonly reason: string;
  readonly message: string;
  readonly failedAtMs: number;
  readonly retryAtMs: number;
  /** How many in a row. */
  readonly attempts: number;
}

export type VolumesState =
  | { readonly state: "unmounted" }
  | { readonly state: "mounted" }
  | { readonly state: "failed"; readonly failure: Failure };

export interface ProbeVerdicts {
  readonly startup: ProbeVerdict;
  readonly liveness: ProbeVerdict;
  readonly readiness: ProbeVerdict;
}

/** none: the container has no such probe. */
export type ProbeVerdict = "none" | "unknown" | "success" | "failure";

export const noProbes: ProbeVerdicts = { startup: "none", liveness: "none", readiness: "none" };

/** Every container of the pod, whatever its sort. */
export function allSpecs({ spec }: Pod): ContainerSpec[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

export function isEphemeral({ spec }: Pod, name: string): boolean {
  return (spec.ephemeralContainers ?? []).some((each) => each.name === name);
}

export function isSidecar(container: ContainerSpec): boolean {
  return container.restartPolicy === "Always";
}

/** The newest record of a container, in whichever sandbox. */
export function newestRecord(view: PodView, name: string): ContainerRecord | undefined {
  return recordsOf(view, name).at(-1);
}

/** Oldest first. */
export function recordsOf(view: PodView, name: string): readonly ContainerRecord[] {
  return view.containers.filter((record) => record.name === name);
}

/** The newest record in the sandbox that counts; undefined when the container never ran in it. */
export function currentRecord(view: PodView, name: string): ContainerRecord | undefined {
  const newest = newestRecord(view, name);
  return newest && newest.sandboxId === view.sandbox?.id ? newest : undefined;
}

export function verdictsOf(view: PodView, record: ContainerRecord): ProbeVerdicts {
  return view.probes.get(record.id) ?? noProbes;
}

/** Running, its postStart hook has returned and its startup probe (if any) has passed. */
export function isStarted(view: PodView, record: ContainerRecord): boolean {
  if (record.state !== "running" || view.inFlight.has(`start:${record.name}`)) return false;
  const { startup } = verdictsOf(view, record);
  return startup === "none" || startup === "success";
}

export function isReady(view: PodView, record: ContainerRecord): boolean {
  if (!isStarted(view, record)) return false;
  const { readiness } = verdictsOf(view, record);
  return readiness === "none" || readiness === "success";
}

/** Every init container has done its part in this sandbox; once a main container exists it stays so. */
export function isInitialized(view: PodView): boolean {
  if (view.pod.spec.containers.some((spec) => currentRecord(view, spec.name))) return true;
  return (view.pod.spec.initContainers ?? []).every((spec) => isInitDone(view, spec));
}

export function isInitDone(view: PodView, spec: ContainerSpec): boolean {
  const record = currentRecord(view, spec.name);
  if (!record) return false;
  return isSidecar(spec)
    ? isStarted(view, record)
    : record.state === "exited" && record.exitCode === 0;
}
