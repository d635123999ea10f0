import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
} from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { ownerKeys } from "#control-plane/controllers/ownership";
import { planStatefulSet } from "#control-plane/controllers/stateful-set/plan";

/** Keeps pods with names of their own, made and unmade in order, at most one of each name. */
export interface StatefulSetInput {
  readonly statefulSet: StatefulSet;
  /** Pods of the namespace that it owns or could adopt. */
  readonly candidates: readonly Pod[];
  /** ControllerRevisions of the namespace. */
  readonly revisions: readonly ControllerRevision[];
  /** Claims of the namespace, when it has templates for any. */
  readonly claims: readonly PersistentVolumeClaim[];
}

export const statefulSetController = defineController<StatefulSet, StatefulSetInput>({
  name: "statefulset",
  reconciles: statefulSetKind,
  watches: [
    { kind: podKind, keysOf: keysOfPod },
    {
      kind: controllerRevisionKind,
      keysOf: (revision, caches) => ownerKeys(revision, statefulSetKind, caches),
    },
    { kind: persistentVolumeClaimKind, keysOf: keysOfClaim },
  ],
  observe(caches, key) {
    const statefulSet = caches.get(statefulSetKind, key);
    if (!statefulSet) return undefined;
    const { namespace = "", uid = "" } = statefulSet.metadata;
    const orphans = caches.inNamespace(podKind, namespace).filter((pod) => !controllerOf(pod));
    return {
      statefulSet,
      candidates: [...caches.ownedBy(podKind, uid), ...orphans],
      revisions: caches.inNamespace(controllerRevisionKind, namespace),
      claims: statefulSet.spec.volumeClaimTemplates
        ? caches.inNamespace(persistentVolumeClaimKind, namespace)
        : [],
    };
  },
  plan: planStatefulSet,
});

function keysOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  if (controllerOf(pod)) return ownerKeys(pod, statefulSetKind, caches);
  const labels = pod.metadata.labels ?? {};
  return caches
    .inNamespace(statefulSetKind, pod.metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}

/** Claims are found by their names, which hold that of the set. */
function keysOfClaim({ metadata }: KubeObject, caches: Caches): readonly string[] {
  return caches
    .inNamespace(statefulSetKind, metadata.namespace ?? "")
    .filter((set) => set.spec.volumeClaimTemplates && metadata.name.includes(set.metadata.name))
    .map(keyOf);
}
