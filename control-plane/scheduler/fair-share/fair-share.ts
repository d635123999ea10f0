import { namespaceKind } from "#api/kinds/namespace";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { Ledger, serviceTags } from "#control-plane/scheduler/fair-share/ledger";
import { reclaimOn } from "#control-plane/scheduler/fair-share/reclaim";
import type {
  ClusterView,
  FailedAttempt,
  Plugin,
  PodToPlace,
  QueuedPod,
  RoomPlan,
} from "#control-plane/scheduler/framework";

/**
 * Fair sharing between tenants (dominant resource fairness). On as soon as one namespace has the annotation
 * kaji.dev/fair-share-weight; other namespaces then are tenants of weight 1.
 *
 * - Order: of pods of equal priority, the tenant with the smallest weighted share goes first. What others leave
 *   idle may be borrowed.
 * - Reclaim: a tenant below its part takes room back from pods of tenants above theirs, never below theirs, and
 *   never from pods of higher priority or in use by a group, and never against a disruption budget.
 */
const NAME = "FairShare";

export const fairShare: Plugin = {
  name: NAME,
  watches: [namespaceKind, podDisruptionBudgetKind],
  gate(pod, view) {
    ledgerOf(view).tag(pod);
    return undefined;
  },
  compare: (a, b) =>
    b.pod.priority - a.pod.priority || tagOf(a) - tagOf(b) || a.sinceMs - b.sinceMs,
  reserve(_pod, _node, view) {
    // Placements are what changes shares: a good moment to look again.
    ledgerOf(view);
    return undefined;
  },
  postFilter: reclaim,
  retryOn: {},
};

function tagOf({ pod }: QueuedPod): number {
  return serviceTags.get(pod) ?? 0;
}

function ledgerOf(view: ClusterView): Ledger {
  const ledger = view.own(NAME, () => new Ledger());
  ledger.refresh(view);
  return ledger;
}

/** Nodes that are looked at for room that is to be given back. */
const MAX_NODES = 100;

function reclaim(pod: PodToPlace, attempt: FailedAttempt): RoomPlan {
  const ledger = ledgerOf(attempt.view);
  const nothing = { victims: [], message: "" };
  if (!ledger.isOn || pod.pod.spec.preemptionPolicy === "Never") return nothing;
  const tenant = ledger.tenantNameOf(pod.podClass.namespace);
  if (ledger.excess(tenant) + ledger.shareOf(pod.requests) > 0) return nothing;
  let best: RoomPlan | undefined;
  for (const node of attempt.candidates.slice(0, MAX_NODES)) {
    const victims = reclaimOn(node, pod, attempt, ledger);
    if (!victims || (best && best.victims.length <= victims.length)) continue;
    best = { nodeName: node.name, victims, message: "" };
  }
  if (!best) return nothing;
  ledger.settle(pod, best.victims);
  return best;
}
