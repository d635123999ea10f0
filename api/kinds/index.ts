import type { Kind } from "#api/machinery/define-kind";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { configMapKind } from "#api/kinds/config-map";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { cronJobKind } from "#api/kinds/cron-job";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { deploymentKind } from "#api/kinds/deployment";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { eventKind } from "#api/kinds/event";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { jobKind } from "#api/kinds/job";
import { leaseKind } from "#api/kinds/lease";
import { limitRangeKind } from "#api/kinds/limit-range";
import { namespaceKind } from "#api/kinds/namespace";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { priorityClassKind } from "#api/kinds/priority-class";
import { replicaSetKind } from "#api/kinds/replica-set";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { runtimeClassKind } from "#api/kinds/runtime-class";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { serviceAccountKind } from "#api/kinds/service-account";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { storageClassKind } from "#api/kinds/storage-class";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import { trafficReportKind } from "#api/kinds/traffic-report";

/** All kinds that the API serves. Adding one: a file beside this one, and its line here. */
export const kinds: readonly Kind[] = [
  namespaceKind,
  nodeKind,
  podKind,
  serviceKind,
  configMapKind,
  secretKind,
  serviceAccountKind,
  eventKind,
  endpointSliceKind,
  leaseKind,
  deploymentKind,
  replicaSetKind,
  jobKind,
  cronJobKind,
  replicationControllerKind,
  statefulSetKind,
  daemonSetKind,
  controllerRevisionKind,
  podDisruptionBudgetKind,
  priorityClassKind,
  ingressKind,
  ingressClassKind,
  networkPolicyKind,
  resourceQuotaKind,
  limitRangeKind,
  runtimeClassKind,
  persistentVolumeKind,
  persistentVolumeClaimKind,
  storageClassKind,
  horizontalPodAutoscalerKind,
  roleKind,
  clusterRoleKind,
  roleBindingKind,
  clusterRoleBindingKind,
  requestAutoscalerKind,
  trafficReportKind,
  tenantKind,
  tenantPlanKind,
];
