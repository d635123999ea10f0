import { daemonSetKind } from "#api/kinds/daemon-set";
import { isPodAvailable, isPodReady } from "#api/kinds/pod-status";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { DaemonSet, DaemonSetStatus, Pod } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { HASH_LABEL } from "#control-plane/controllers/daemon-set/daemon-pod";
import { eligibilityOf } from "#control-plane/controllers/daemon-set/eligibility";
import { oldestFirst } from "#control-plane/controllers/daemon-set/placement";
import type { Daemons } from "#control-plane/controllers/daemon-set/plan";
import { availabilityDueMs } from "#control-plane/controllers/pod-availability";

/** Counts nodes, not pods: of several pods on a node the oldest speaks for it. */
export function planStatus(daemons: Daemons): Action[] {
  const { daemonSet, nowMs } = daemons;
  const { status, waiting } = nextStatus(daemons);
  const actions: Action[] = [];
  if (!isSemanticallyEqual(withoutZeros(daemonSet.status), withoutZeros(status))) {
    // Its resourceVersion may be stale after other writes of this plan; nobody else writes this status.
    const { resourceVersion: _, ...metadata } = daemonSet.metadata;
    const object: DaemonSet = { ...daemonSet, metadata, status };
    actions.push({ type: "updateStatus", kind: daemonSetKind, object });
  }
  const dueMs = availabilityDueMs(waiting, daemonSet.spec.minReadySeconds ?? 0);
  if (dueMs !== undefined) {
    actions.push({ type: "requeue", afterMs: Math.max(1, dueMs - nowMs) });
  }
  return actions;
}

function nextStatus({ daemonSet, nodes, podsByNode, hash, nowMs }: Daemons) {
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const [pod] = oldestFirst(podsByNode.get(node.metadata.name) ?? []);
    if (!eligibilityOf(daemonSet, node).shouldRun) {
      if (pod) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (!pod) continue;
    counts.current++;
    if (isPodReady(pod)) counts.ready++;
    if (isPodAvailable(pod, minReadySeconds, nowMs)) counts.available++;
    if (pod.metadata.labels?.[HASH_LABEL] === hash) counts.updated++;
  }
  const status: DaemonSetStatus = {
    ...daemonSet.status,
    observedGeneration: daemonSet.metadata.generation,
    desiredNumberScheduled: counts.desired,
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    updatedNumberScheduled: counts.updated,
    numberAvailable: counts.available,
    numberUnavailable: counts.desired - counts.available,
  };
  const waiting = [...podsByNode.values()]
    .flat()
    .filter((pod: Pod) => isPodReady(pod) && !isPodAvailable(pod, minReadySeconds, nowMs));
  return { status, waiting };
}

/** Zero and absent are the same number: the API leaves zeros out. */
function withoutZeros(status: Partial<DaemonSetStatus> = {}): object {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
}
