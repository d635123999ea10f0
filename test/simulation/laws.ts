import { runAudits } from "#api/audit/index";
import { isPodTerminal } from "#api/kinds/pod-status";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { Deployment, Pod, ReplicaSet } from "#api/schema/types";
import { maxPods } from "#control-plane/controllers/deployment/rolling";

/** What an answer of the API shows, rather than its objects. */
export class LawBroken extends Error {
  override name = "LawBroken";
}

/** What must hold of the objects of a cluster: each breach is one sentence. */
export function breaches(
  objects: readonly KubeObject[],
  { atRest }: { atRest: boolean },
): string[] {
  const findings = runAudits(objects, { atRest });
  return [
    ...findings.map(({ audit, object, message }) => `${audit}: ${object}: ${message}`),
    ...fencepostBreaches(objects),
  ];
}

/** A Deployment whose spec the controller has acted on asks for no more pods than maxSurge allows. */
function fencepostBreaches(objects: readonly KubeObject[]): string[] {
  const sets = objects.filter((object): object is ReplicaSet => object.kind === "ReplicaSet");
  const pods = objects.filter((object): object is Pod => object.kind === "Pod");
  const found: string[] = [];
  for (const object of objects) {
    if (object.kind !== "Deployment" || object.metadata.deletionTimestamp) continue;
    const deployment = object as Deployment;
    const { status, metadata } = deployment;
    if (status?.observedGeneration !== metadata.generation) continue;
    const owned = sets.filter((set) => controllerOf(set)?.uid === metadata.uid);
    const wanted = owned.reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0);
    const allowed = maxPods(deployment);
    if (wanted > allowed) {
      found.push(`${keyOf(deployment)} asks for ${wanted} pods, and ${allowed} are allowed`);
    }
    found.push(...owned.flatMap((set) => surplusOf(set, pods)));
  }
  return found;
}

function surplusOf(set: ReplicaSet, pods: readonly Pod[]): string[] {
  if (set.status?.observedGeneration !== set.metadata.generation) return [];
  const active = pods.filter(
    (pod) =>
      controllerOf(pod)?.uid === set.metadata.uid &&
      !pod.metadata.deletionTimestamp &&
      !isPodTerminal(pod),
  );
  const { replicas = 1 } = set.spec;
  return active.length > replicas
    ? [`${keyOf(set)} has ${active.length} pods, and ${replicas} are wanted`]
    : [];
}

/** Why a Deployment has not arrived at what it asks for; undefined: it has. */
export function unfinished({ metadata, spec, status = {} }: Deployment): string | undefined {
  const replicas = spec.replicas ?? 1;
  const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
  const isDone =
    status.observedGeneration === metadata.generation &&
    counts.every((count) => (count ?? 0) === replicas);
  if (isDone) return undefined;
  return `${metadata.namespace}/${metadata.name} wants ${replicas} replicas and has ${JSON.stringify(status)}`;
}
