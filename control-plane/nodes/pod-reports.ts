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
/** A status that meets this many conflicts or full queues in a row is given up: some 20 seconds. */
const maxStatusRetries = 8;

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
  /** Whether the node may by now have told another server something newer. */
  hasMoved(nodeName: string, isSuspicious: boolean): Promise<boolean>;
}

/**
 * Writes what agents say of pods. A node speaks only for pods that are bound to it, by uid: anything else is
 * ignored, so a report that comes late never touches another pod of the same name.
 *
 * Invariant: no refusal of a status keeps a pod that is gone from being deleted.
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
    write: (uid, facts, failures) => writePod(options, uid, facts, failures),
  });
  return {
    report: (nodeName, uid, status) => queue.set(uid, { nodeName, status, isGone: false }),
    gone: (nodeName, uid) => queue.set(uid, { nodeName, status: undefined, isGone: true }),
    close: () => queue.close(),
  };
}

async function writePod(
  options: PodReportsOptions,
  uid: string,
  { nodeName, status, isGone }: PodFacts,
  failures: number,
): Promise<void> {
  const pod = options.assignments.get(nodeName, uid);
  if (!pod) return;
  const isPresent =
    status === undefined || (await writeStatus(options, { nodeName, pod, status }, failures));
  if (isGone && isPresent) await deletePod(options, pod);
}

/** False when the pod is there no more. A refusal that time does not cure is the status's end, not the report's. */
async function writeStatus(
  { client, clock, kind, log, hasMoved }: PodReportsOptions,
  { nodeName, pod, status }: { nodeName: string; pod: Pod; status: PodStatus },
  failures: number,
): Promise<boolean> {
  const next = (current: Pod) => mergePodStatus(current.status, status, clock.now());
  // Somebody else has written the pod: perhaps the server that the node speaks with now.
  const mayWrite = async (attempt: number) => !(await hasMoved(nodeName, attempt > 0));
  try {
    return await updateStatus<PodStatus, Pod>({ client, kind, current: pod, next, mayWrite });
  } catch (error) {
    if (!isRefusal(error) || (isPassing(error) && failures < maxStatusRetries)) throw error;
    log.warn("the API refused a pod's status", { pod: titleOf(pod), error });
    return true;
  }
}

/** A conflict or a full queue is tried again for as long as the pod is bound to the node. */
async function deletePod({ client, kind, log }: PodReportsOptions, pod: Pod): Promise<void> {
  const { name, namespace = "", uid = "", deletionTimestamp } = pod.metadata;
  if (!deletionTimestamp) {
    log.warn("an agent says that a pod is gone which nobody deleted", { pod: titleOf(pod) });
    return;
  }
  const options = { gracePeriodSeconds: 0, preconditions: { uid } };
  try {
    await client.delete(kind, { name, namespace }, options);
  } catch (error) {
    if (!isRefusal(error) || isPassing(error)) throw error;
    if (error.code === 404) return;
    log.warn("the API refused to delete a pod that is gone", { pod: titleOf(pod), error });
  }
}

function isRefusal(error: unknown): error is StatusError {
  return error instanceof StatusError && error.code < 500;
}

function isPassing({ code }: StatusError): boolean {
  return code === 409 || code === 429;
}

function titleOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
