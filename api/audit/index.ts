import { boundPodsHaveNodes } from "#api/audit/bound-pods-have-nodes";
import { budgetsAddUp } from "#api/audit/budgets-add-up";
import { daemonPodsAreSingle } from "#api/audit/daemon-pods-are-single";
import { type Audit, type Finding, ObjectsByKind } from "#api/audit/define-audit";
import { endpointsArePods } from "#api/audit/endpoints-are-pods";
import { nodesAreNotOvercommitted } from "#api/audit/nodes-are-not-overcommitted";
import { ownersExist } from "#api/audit/owners-exist";
import { podGroupsAreWhole } from "#api/audit/pod-groups-are-whole";
import { hostsHaveOneTenant } from "#api/audit/hosts-have-one-tenant";
import { podIpsAreUnique } from "#api/audit/pod-ips-are-unique";
import { quotasAreKept } from "#api/audit/quotas-are-kept";
import { replicaSetPodsMatch } from "#api/audit/replica-set-pods-match";
import { serviceIpsAreUnique } from "#api/audit/service-ips-are-unique";
import { statefulPodsAreSingle } from "#api/audit/stateful-pods-are-single";
import { uidsAreUnique } from "#api/audit/uids-are-unique";
import { podsReachTheirVolumes, volumesHaveOneClaim } from "#api/audit/volumes-have-one-claim";
import type { KubeObject } from "#api/machinery/meta";

/** All cluster invariants. Adding one: a file beside this one, and its line here. */
export const audits: readonly Audit[] = [
  uidsAreUnique,
  podIpsAreUnique,
  serviceIpsAreUnique,
  boundPodsHaveNodes,
  nodesAreNotOvercommitted,
  ownersExist,
  replicaSetPodsMatch,
  statefulPodsAreSingle,
  daemonPodsAreSingle,
  budgetsAddUp,
  podGroupsAreWhole,
  endpointsArePods,
  quotasAreKept,
  hostsHaveOneTenant,
  volumesHaveOneClaim,
  podsReachTheirVolumes,
];

/**
 * Checks objects that were listed together; each must carry its apiVersion and kind. While controllers are
 * at work, ask for `atRest: false`: invariants that hold only at rest are then left out.
 */
export function runAudits(
  objects: readonly KubeObject[],
  { atRest = true }: { readonly atRest?: boolean } = {},
): Finding[] {
  const snapshot = new ObjectsByKind(objects);
  return audits
    .filter((audit) => atRest || !audit.isEventual)
    .flatMap((audit) => audit.check(snapshot));
}
