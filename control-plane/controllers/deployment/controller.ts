import { deploymentKind } from "#api/kinds/deployment";
import { strategyOf } from "#api/kinds/deployment-strategy";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import { serviceKind } from "#api/kinds/service";
import { trafficReportKind } from "#api/kinds/traffic-report";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Deployment, EndpointSlice, Pod, ReplicaSet } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { planDeployment } from "#control-plane/controllers/deployment/plan";
import { isRecreate } from "#control-plane/controllers/deployment/rolling";
import {
  keysOfReport,
  keysOfSlice,
  noTraffic,
  trafficAround,
} from "#control-plane/controllers/deployment/strategy/around";
import { ownerKeys } from "#control-plane/controllers/ownership";

/** Rolls a Deployment's template out by scaling ReplicaSets, one per version of the template. */
export interface DeploymentInput {
  readonly deployment: Deployment;
  /** ReplicaSets of the namespace that it owns or could adopt. */
  readonly candidates: readonly ReplicaSet[];
  /** Pods of the ReplicaSets that it owns. */
  readonly pods: readonly Pod[];
  /** A ReplicaSet that has the name which a new one would get. */
  readonly namesake: ReplicaSet | undefined;
  /** For strategies: what the ingresses counted of its Services, and these Services' slices. */
  readonly reports: readonly TrafficReport[];
  readonly slices: readonly EndpointSlice[];
}

export const deploymentController = defineController<Deployment, DeploymentInput>({
  name: "deployment",
  reconciles: deploymentKind,
  watches: [
    { kind: replicaSetKind, keysOf: keysOfReplicaSet },
    { kind: podKind, keysOf: keysOfPod },
    { kind: serviceKind, keysOf: () => [] },
    { kind: trafficReportKind, keysOf: keysOfReport },
    { kind: endpointSliceKind, keysOf: keysOfSlice },
  ],
  observe(caches, key) {
    const deployment = caches.get(deploymentKind, key);
    if (!deployment) return undefined;
    const { namespace = "", uid = "" } = deployment.metadata;
    const owned = caches.ownedBy(replicaSetKind, uid);
    const orphans = caches
      .inNamespace(replicaSetKind, namespace)
      .filter((set) => !controllerOf(set));
    const pods = owned.flatMap((set) => caches.ownedBy(podKind, set.metadata.uid ?? ""));
    const namesake = caches.get(replicaSetKind, `${namespace}/${newReplicaSetName(deployment)}`);
    const traffic = strategyOf(deployment) ? trafficAround(deployment, caches) : noTraffic;
    return { deployment, candidates: [...owned, ...orphans], pods, namesake, ...traffic };
  },
  plan: planDeployment,
});

function keysOfReplicaSet(set: KubeObject, caches: Caches): readonly string[] {
  if (controllerOf(set)) return ownerKeys(set, deploymentKind, caches);
  const labels = set.metadata.labels ?? {};
  return caches
    .inNamespace(deploymentKind, set.metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}

/** Only Recreate waits for pods themselves (until the last old one is gone), and strategies watch for crashes. */
function keysOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  const [setKey] = ownerKeys(pod, replicaSetKind, caches);
  const set = setKey && caches.get(replicaSetKind, setKey);
  if (!set) return [];
  return ownerKeys(set, deploymentKind, caches).filter((key) => {
    const deployment = caches.get(deploymentKind, key);
    return deployment && (isRecreate(deployment) || strategyOf(deployment) !== undefined);
  });
}
