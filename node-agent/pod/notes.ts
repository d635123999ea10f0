import type { Pod, PodStatus } from "#api/schema/types";
import type { DownwardFacts } from "#node-agent/container/field-ref";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import { allocatedPod } from "#node-agent/resize/settle";
import type { Allocation } from "#node-agent/resize/allocated-pod";
import type { PendingResize } from "#node-agent/resize/allocations";
import { toContainerRecord, toSandboxRecord } from "#node-agent/pod/labels";
import { ownConditions, passingConditions } from "#node-agent/pod/status-conditions";
import { type PodEnd, unfinishedEnd } from "#node-agent/pod/pod-end";
import { terminationMessage } from "#node-agent/pod/termination-message";
import type { PodStage } from "#node-agent/pod/transitions";
import {
  allSpecs,
  type ContainerRecord,
  type Failure,
  type PodView,
  type ProbeVerdicts,
  type VolumesState,
} from "#node-agent/pod/view";

/**
 * What one worker remembers between passes. Everything in it may be lost with the process: what must survive is
 * in the runtime's labels, on disk, or in the pod's status in the API.
 */
export interface PodNotes {
  pod: Pod;
  isRemoved: boolean;
  end: PodEnd | undefined;
  stage: PodStage;
  startedAtMs: number;
  volumes: VolumesState;
  volumePaths: ReadonlyMap<string, string>;
  sandboxFailure: Failure | undefined;
  readonly startFailures: Map<string, Failure>;
  /** What is set aside for its containers; undefined before the first look. */
  allocation: Allocation | undefined;
  resizeFailure: Failure | undefined;
  pendingResize: PendingResize | undefined;
  /** By container id, forgotten with the container. */
  readonly restarting: Set<string>;
  readonly inFlight: Set<string>;
  /** Ended, but the runtime's lists have not been read since: still counted as in flight. */
  readonly ended: Set<string>;
  /** By container id, as `announcedBackoffs` is: kept for as long as the runtime lists the container. */
  readonly terminationMessages: Map<string, string | undefined>;
  readonly announcedBackoffs: Set<string>;
  reported: PodStatus | undefined;
  isReleased: boolean;
  isCleaned: boolean;
}

export function createNotes(pod: Pod, nowMs: number): PodNotes {
  const startTime = pod.status?.startTime;
  return {
    pod,
    isRemoved: false,
    end: unfinishedEnd(pod.status ?? {}),
    stage: "bound",
    startedAtMs: startTime ? Date.parse(startTime) : nowMs,
    volumes: { state: "unmounted" },
    volumePaths: new Map(),
    sandboxFailure: undefined,
    startFailures: new Map(),
    allocation: undefined,
    resizeFailure: undefined,
    pendingResize: undefined,
    restarting: new Set(),
    inFlight: new Set(),
    ended: new Set(),
    terminationMessages: new Map(),
    announcedBackoffs: new Set(),
    reported: undefined,
    isReleased: false,
    isCleaned: false,
  };
}

/** Reads the runtime's newest lists and puts everything together. */
export async function observe(
  context: NodeContext,
  notes: PodNotes,
  probes: ReadonlyMap<string, ProbeVerdicts>,
  wake: () => void,
): Promise<PodView> {
  const ended = [...notes.ended];
  await context.index.refresh();
  const { sandboxes, containers } = context.index.ofPod(uidOf(notes.pod));
  forgetAllBut(
    notes,
    containers.map(({ id }) => id),
  );
  const records: ContainerRecord[] = [];
  for (const container of containers) {
    const record = toContainerRecord(container, undefined);
    const message = await messageOf(context, notes, record);
    records.push(message === undefined ? record : { ...record, message });
  }
  for (const key of ended) {
    notes.ended.delete(key);
    notes.inFlight.delete(key);
  }
  const newest = sandboxes.at(-1);
  const pod = await allocatedPod(context, notes, containers, wake);
  return {
    pod: { ...pod, status: knownStatus(notes) },
    isRemoved: notes.isRemoved,
    ...(notes.end ? { end: notes.end } : {}),
    nowMs: context.clock.now(),
    startedAtMs: notes.startedAtMs,
    stage: notes.stage,
    sandbox: newest ? toSandboxRecord(newest) : undefined,
    staleSandboxIds: sandboxes.slice(0, -1).map(({ id }) => id),
    containers: records.sort(
      (a, b) => a.createdAtMs - b.createdAtMs || a.restartCount - b.restartCount,
    ),
    volumes: notes.volumes,
    resize: { pending: notes.pendingResize, failure: notes.resizeFailure },
    restarting: notes.restarting,
    sandboxFailure: notes.sandboxFailure,
    startFailures: notes.startFailures,
    probes,
    inFlight: notes.inFlight,
    isReleased: notes.isReleased,
    isCleaned: notes.isCleaned,
  };
}

function forgetAllBut(notes: PodNotes, ids: readonly string[]): void {
  const listed = new Set(ids);
  for (const remembered of [notes.terminationMessages, notes.announcedBackoffs, notes.restarting]) {
    for (const id of remembered.keys()) if (!listed.has(id)) remembered.delete(id);
  }
}

async function messageOf(
  context: NodeContext,
  notes: PodNotes,
  record: ContainerRecord,
): Promise<string | undefined> {
  if (record.state !== "exited" || notes.isRemoved) return undefined;
  if (notes.terminationMessages.has(record.id)) return notes.terminationMessages.get(record.id);
  const spec = allSpecs(notes.pod).find((each) => each.name === record.name);
  if (!spec) return undefined;
  const { restartCount, exitCode } = record;
  const message = await terminationMessage(context, notes.pod, { spec, restartCount, exitCode });
  notes.terminationMessages.set(record.id, message);
  return message;
}

/** The API's status, and over it what was said last: the API may be behind. Foreign conditions are the API's. */
function knownStatus({ pod, reported }: PodNotes): PodStatus {
  if (!reported) return pod.status ?? {};
  const own: readonly string[] = [...ownConditions, ...passingConditions];
  const isOwn = (type: string): boolean => own.includes(type);
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !isOwn(type));
  return { ...pod.status, ...reported, conditions: [...foreign, ...(reported.conditions ?? [])] };
}

export function factsOf(context: NodeContext, view: PodView): DownwardFacts {
  const { hostIp, nodeName, allocatable } = context;
  const podIp = view.pod.spec.hostNetwork ? hostIp : (view.sandbox?.ip ?? "");
  return { podIp, hostIp, nodeName, allocatable };
}
