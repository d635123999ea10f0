import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "#kit/clock";
import { podClaims } from "#api/storage/pod-claims";
import type { Pod, PodStatus } from "#api/schema/types";
import type { NodeContext } from "#node-agent/node-context";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { cleanUpPod } from "#node-agent/pod/step-sandbox";
import type { PodEnd } from "#node-agent/pod/pod-end";
import { type PodWorker, startPodWorker } from "#node-agent/pod/worker";
import type { DesiredState, PodRef } from "#node-agent/session/types";
import { podDirectoryUids } from "#node-agent/volumes/pod-volumes";

/**
 * All pods of this node: one worker for each that is desired, and an end for each that is not. Owns the workers.
 *
 * Invariants: at most one worker per pod uid; what runs here and is not in a full Desired is stopped and cleaned
 * up; nothing is cleaned up before the first full Desired, since until then nobody knows what is wanted.
 */
export interface PodSet {
  setDesired(desired: DesiredState): void;
  /** Something happened in a sandbox. */
  wakeSandbox(sandboxId: string): void;
  count(): number;
  list(): readonly PodOnNode[];
  /** The node ends a pod; false: it does not have it. */
  end(uid: string, end: PodEnd): boolean;
  /** Lets go of all pods; their containers stay. */
  detach(): Promise<void>;
}

export type PodOnNode = Pick<PodWorker, "uid" | "pod" | "isOver" | "isEnding">;

export interface PodSetReports {
  /** Why a pod that has not begun here may not; undefined: it may. */
  refusal?(pod: Pod): PodEnd | undefined;
  status(pod: PodRef, status: PodStatus): void;
  gone(pod: PodRef): void;
}

const orphanRetryMs = 10_000;

export function createPodSet(context: NodeContext, reports: PodSetReports): PodSet {
  const workers = new Map<string, PodWorker>();
  const orphans = new Set<string>();
  const stopped = new AbortController();

  const start = (pod: Pod): void => {
    const worker = startPodWorker(context, pod, {
      status: (of, status) => reports.status(refOf(of), status),
      gone: (of) => reports.gone(refOf(of)),
    });
    workers.set(worker.uid, worker);
    refuse(worker);
    worker.ended
      .catch((error: unknown) =>
        context.log.error("a pod worker broke", { pod: worker.uid, error }),
      )
      .finally(() => {
        if (workers.get(worker.uid) === worker) workers.delete(worker.uid);
      });
  };

  /** What has begun is not refused any more, also when this process did not see it begin. */
  const refuse = (worker: PodWorker): void => {
    const { pod, uid } = worker;
    const hasBegun =
      pod.status?.startTime !== undefined || context.index.ofPod(uid).sandboxes.length > 0;
    const refusal = hasBegun || worker.isEnding ? undefined : reports.refusal?.(pod);
    if (!refusal) return;
    const { reason } = refusal;
    const message = refusal.message.replace("Pod was rejected: ", "");
    context.events.pod(pod, { type: "Warning", reason, message });
    worker.end(refusal);
  };

  const endOrphan = async (uid: string): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await cleanUpPod(context, uid, await logsOf(context, uid));
        context.log.info("a pod that is not wanted any more was cleaned up", { uid });
        return;
      } catch (error) {
        context.log.warn("cleaning up a pod that is not wanted failed", { uid, error });
        await sleep(context.clock, orphanRetryMs, stopped.signal);
      }
    }
  };

  const endOrphans = async (desired: DesiredState): Promise<void> => {
    await context.index.refresh();
    const present = new Set([
      ...context.index.podUids(),
      ...context.network.attachedPods(),
      ...context.users.uids(),
      ...(await podDirectoryUids(context.directories)),
      ...(await loggedUids(context)),
    ]);
    for (const uid of present) {
      if (desired.pods.has(uid) || workers.has(uid) || orphans.has(uid)) continue;
      orphans.add(uid);
      void endOrphan(uid).finally(() => orphans.delete(uid));
    }
  };

  return {
    setDesired(desired) {
      const named = desired.isFull ? [...desired.pods.keys()] : desired.changedPods;
      const present = named.flatMap((uid) => desired.pods.get(uid) ?? []);
      context.allocations.expect(present.filter((pod) => !workers.has(uidOf(pod))));
      for (const pod of present) {
        const worker = workers.get(uidOf(pod));
        if (worker) worker.update(pod);
        else start(pod);
      }
      const removed = desired.isFull ? workers.keys() : desired.removedPods;
      for (const uid of [...removed]) {
        if (!desired.pods.has(uid)) workers.get(uid)?.remove();
      }
      notifyOfObjects(desired, workers);
      if (desired.isFull) {
        endOrphans(desired).catch((error: unknown) =>
          context.log.error("pods that are not wanted could not be listed", { error }),
        );
      }
    },
    wakeSandbox(sandboxId) {
      const uid = context.index.podOfSandbox(sandboxId);
      // An event may be about a sandbox that no list has shown yet: then everybody looks.
      if (uid === undefined) for (const worker of workers.values()) worker.wake();
      else workers.get(uid)?.wake();
    },
    count: () => workers.size,
    list: () => [...workers.values()],
    end(uid, end) {
      if (end.reason === "Evicted") context.record.metrics.podEvicted();
      workers.get(uid)?.end(end);
      return workers.has(uid);
    },
    async detach() {
      stopped.abort();
      await Promise.all([...workers.values()].map((worker) => worker.detach()));
    },
  };
}

function refOf(pod: Pod): PodRef {
  return { namespace: namespaceOf(pod), name: pod.metadata.name, uid: uidOf(pod) };
}

/** Tells the pods of the namespaces in which something changed; tokens name their pod. */
function notifyOfObjects(desired: DesiredState, workers: ReadonlyMap<string, PodWorker>): void {
  const namespaces = new Set<string>();
  const uids = new Set<string>();
  for (const key of desired.changedObjects) {
    const [kind, first = ""] = key.split("/");
    if (kind === "PersistentVolume") {
      for (const uid of podsWithClaims(desired)) uids.add(uid);
      continue;
    }
    (kind === "Token" ? uids : namespaces).add(first);
  }
  if (namespaces.size + uids.size === 0) return;
  for (const [uid, worker] of workers) {
    const pod = desired.pods.get(uid);
    if (pod && (uids.has(uid) || namespaces.has(namespaceOf(pod)))) worker.objectsChanged();
  }
}

/** A volume belongs to no namespace: a change of one may concern any pod that has a claim. */
function podsWithClaims({ pods }: DesiredState): string[] {
  return [...pods].flatMap(([uid, pod]) => (podClaims(pod).length > 0 ? [uid] : []));
}

/** Log directories are named namespace_name_uid: found by the uid, whoever made them. */
async function logsOf(context: NodeContext, uid: string): Promise<string> {
  const names = await readdir(context.logDirectory);
  return join(context.logDirectory, names.find((name) => name.endsWith(`_${uid}`)) ?? `_${uid}`);
}

async function loggedUids(context: NodeContext): Promise<string[]> {
  const names = await readdir(context.logDirectory);
  return names.flatMap((name) => name.split("_").at(2) ?? []);
}
