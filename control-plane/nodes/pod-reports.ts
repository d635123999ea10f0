import type { Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import type { Pod, PodStatus } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Assignments } from "#control-plane/nodes/assignments";
import { LatestByKey } from "#control-plane/nodes/latest-by-key";
import { mergePodStatus } from "#control-plane/nodes/pod-status";
import { updateStatus } from "#control-plane/nodes/update-status";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

/** Pod writes in flight at a time, over all nodes. */
const maxWrites = 64;

interface PodFacts {
  readonly nodeName: string;
  readonly status: PodStatus | undefined;
  readonly isGone: boolean;
}

export interface PodReports {
  report(nodeName: string, uid: string, status: PodStatus): void;
  gone(nodeName: string, uid: string): void;
  close(): void;
}

export interface PodReportsOptions {
  readonly client: Client;
  readonly kind: Kind<Pod>;
  readonly assignments: Assignments;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes what agents say of pods. A node speaks only for pods that are bound to it, by uid: anything else is
 * ignored, so a report that comes late never touches another pod of the same name.
 */
export function createPodReports(options: PodReportsOptions): PodReports {
  const { clock, log } = options;
  const queue = new LatestByKey<PodFacts>({
    clock,
    log,
    concurrency: maxWrites,
    merge: (older, newer) => ({
      nodeName: newer.nodeName,
      status: newer.status ?? older.status,
      isGone: older.isGone || newer.isGone,
    }),
    write: (uid, facts) => writePod(options, uid, facts),
  });
  return {
    report: (nodeName, uid, status) => queue.set(uid, { nodeName, status, isGone: false }),
    gone: (nodeName, uid) => queue.set(uid, { nodeName, status: undefined, isGone: true }),
    close: () => queue.close(),
  };
}

async function writePod(options: PodReportsOptions, uid: string, facts: PodFacts): Promise<void> {
  const { assignments, client, clock, kind, log } = options;
  const { nodeName, status, isGone } = facts;
  const pod = assignments.get(nodeName, uid);
  if (!pod) return;
  try {
    if (status) {
      const next = (current: Pod) => mergePodStatus(current.status, status, clock.now());
      if (!(await updateStatus<PodStatus, Pod>({ client, kind, current: pod, next }))) return;
    }
    if (isGone) await deletePod(options, pod);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code >= 500) throw error;
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    log.warn("the API refused a report of a pod", { node: nodeName, pod: name, error });
  }
}

async function deletePod({ client, kind, log }: PodReportsOptions, pod: Pod): Promise<void> {
  const { name, namespace = "", uid = "", deletionTimestamp } = pod.metadata;
  if (!deletionTimestamp) {
    log.warn("an agent says that a pod is gone which nobody deleted", {
      pod: `${namespace}/${name}`,
    });
    return;
  }
  const options = { gracePeriodSeconds: 0, preconditions: { uid } };
  try {
    await client.delete(kind, { name, namespace }, options);
  } catch (error) {
    // Gone already, or replaced by another pod of this name: both are what was wanted.
    if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
    throw error;
  }
}
