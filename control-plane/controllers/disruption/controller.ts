import { deploymentKind } from "#api/kinds/deployment";
import { kinds } from "#api/kinds/index";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Kind } from "#api/machinery/define-kind";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { OwnerReference, Pod, PodDisruptionBudget, PodTemplateSpec } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { planDisruption } from "#control-plane/controllers/disruption/plan";

/** Counts the healthy pods of every PodDisruptionBudget, and says how many of them may be evicted. */
export interface DisruptionInput {
  readonly budget: PodDisruptionBudget;
  /** The pods that its selector finds. */
  readonly pods: readonly ScaledPod[];
}

export interface ScaledPod {
  readonly pod: Pod;
  readonly scale: Scale;
}

/** How many pods whoever made this one is meant to have. */
export type Scale =
  | { readonly type: "known"; readonly uid: string; readonly replicas: number }
  /** Nobody controls it. */
  | { readonly type: "unmanaged" }
  | { readonly type: "unknown"; readonly problem: string };

/** Whoever has a number of replicas and makes pods, itself or by another of them. */
const scalers: readonly Kind[] = [
  deploymentKind,
  replicaSetKind,
  statefulSetKind,
  replicationControllerKind,
];

export const disruptionController = defineController<PodDisruptionBudget, DisruptionInput>({
  name: "disruption",
  reconciles: podDisruptionBudgetKind,
  watches: [
    { kind: podKind, keysOf: (pod, caches) => budgetsFor(pod, pod.metadata.labels, caches) },
    ...scalers.map((kind) => ({
      kind,
      keysOf(object: KubeObject, caches: Caches) {
        const { spec } = object as KubeObject & { spec: { template?: PodTemplateSpec } };
        return budgetsFor(object, spec.template?.metadata?.labels, caches);
      },
    })),
  ],
  observe(caches, key) {
    const budget = caches.get(podDisruptionBudgetKind, key);
    if (!budget) return undefined;
    const selector = selectorFromLabelSelector(budget.spec.selector);
    const pods = caches
      .inNamespace(podKind, budget.metadata.namespace ?? "")
      .filter(({ metadata }) => selector.matches(metadata.labels))
      .map((pod) => ({ pod, scale: scaleOf(pod, caches) }));
    return { budget, pods };
  },
  plan: planDisruption,
});

function budgetsFor(
  { metadata }: KubeObject,
  labels: Record<string, string> | undefined,
  caches: Caches,
): string[] {
  return caches
    .inNamespace(podDisruptionBudgetKind, metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}

function scaleOf(pod: Pod, caches: Caches): Scale {
  const reference = controllerOf(pod);
  if (!reference) return { type: "unmanaged" };
  const { namespace = "" } = pod.metadata;
  const owner = scalerOf(reference, namespace, caches);
  if (!owner) return { type: "unknown", problem: problemOf(pod, reference) };
  // What is scaled of a Deployment is the Deployment, not its ReplicaSets.
  const above = controllerOf(owner.object);
  const top = (above && scalerOf(above, namespace, caches)) ?? owner;
  return { type: "known", uid: top.object.metadata.uid ?? "", replicas: top.replicas };
}

function scalerOf(
  { kind: kindName, name, uid }: OwnerReference,
  namespace: string,
  caches: Caches,
): { object: KubeObject; replicas: number } | undefined {
  const kind = scalers.find((one) => one.kind === kindName);
  const object = kind && caches.get(kind, `${namespace}/${name}`);
  if (!kind?.scale || object?.metadata.uid !== uid) return undefined;
  return object && { object, replicas: kind.scale.getReplicas(object) };
}

function problemOf(pod: Pod, { kind: kindName }: OwnerReference): string {
  const kind = kinds.find((one) => one.kind === kindName);
  return kind && !kind.scale
    ? `${kind.plural}.${kind.group} does not implement the scale subresource`
    : `found no controllers for pod "${pod.metadata.name}"`;
}
