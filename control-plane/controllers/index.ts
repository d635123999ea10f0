import type { Controller } from "#control-plane/controllers/controller";
import { clusterRoleAggregation } from "#control-plane/controllers/cluster-role-aggregation";
import { configRolloutController } from "#control-plane/controllers/config-rollout/controller";
import { cronJobController } from "#control-plane/controllers/cron-job/controller";
import { daemonSetController } from "#control-plane/controllers/daemon-set/controller";
import { deploymentController } from "#control-plane/controllers/deployment/controller";
import { disruptionController } from "#control-plane/controllers/disruption/controller";
import { endpointSliceController } from "#control-plane/controllers/endpoint-slice";
import { ephemeralVolumeController } from "#control-plane/controllers/ephemeral-volume";
import { garbageCollectors } from "#control-plane/controllers/garbage-collector";
import { autoscalerController } from "#control-plane/controllers/horizontal-pod-autoscaler/controller";
import { jobController } from "#control-plane/controllers/job/controller";
import { namespaceController } from "#control-plane/controllers/namespace";
import { nodeLifecycleController } from "#control-plane/controllers/node-lifecycle/controller";
import { podGarbageCollector } from "#control-plane/controllers/pod-garbage-collector";
import { claimController } from "#control-plane/controllers/persistent-volume/claim-controller";
import {
  claimProtection,
  volumeProtection,
} from "#control-plane/controllers/persistent-volume/protection";
import { volumeController } from "#control-plane/controllers/persistent-volume/volume-controller";
import { replicaSetController } from "#control-plane/controllers/replica-set";
import { replicationController } from "#control-plane/controllers/replication-controller";
import { statefulSetController } from "#control-plane/controllers/stateful-set/controller";
import { taintEvictionController } from "#control-plane/controllers/taint-eviction";
import { tenantController } from "#control-plane/controllers/tenant/controller";
import { tenantPlanController } from "#control-plane/controllers/tenant/plan-condition";
import { tokenCleaner } from "#control-plane/controllers/token-cleaner";
import { verticalScaling } from "#control-plane/controllers/vertical-advice/controller";
import { requestAutoscalerController } from "#control-plane/controllers/request-autoscaler/controller";
import { resourceQuotaController } from "#control-plane/controllers/resource-quota";

/** Every controller. Adding one: a file beside this one, and its line here. */
export const controllers: readonly Controller[] = [
  deploymentController,
  configRolloutController,
  replicaSetController,
  jobController,
  cronJobController,
  replicationController,
  statefulSetController,
  daemonSetController,
  disruptionController,
  autoscalerController,
  requestAutoscalerController,
  ...verticalScaling,
  endpointSliceController,
  namespaceController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollector,
  claimController,
  volumeController,
  claimProtection,
  volumeProtection,
  ephemeralVolumeController,
  ...garbageCollectors,
  resourceQuotaController,
  tokenCleaner,
  clusterRoleAggregation,
  tenantPlanController,
  tenantController,
];
