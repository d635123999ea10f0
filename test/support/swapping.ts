import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Deployment } from "#api/schema/types";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { type ReportedCounts, RolloutModel, trafficReport } from "#test/support/rollout-model";
import { deployment } from "#test/support/workloads";

/** Deployments with a strategy; annotations without the prefix "kaji.dev/". */
export function strategic(
  annotations: Record<string, string>,
  spec: Partial<Deployment["spec"]> = {},
) {
  const made = deployment("web", spec);
  const prefixed = Object.entries(annotations).map(([key, value]) => [`kaji.dev/${key}`, value]);
  made.metadata.annotations = Object.fromEntries(prefixed) as Record<string, string>;
  return made;
}

/** v1 serves; then the template is v2's. Answers the names of the two ReplicaSets. */
export function swapping(
  annotations: Record<string, string>,
  spec: Partial<Deployment["spec"]> = {},
) {
  const model = new RolloutModel(strategic(annotations, spec));
  model.settle();
  model.events.length = 0;
  const old = newReplicaSetName(model.deployment);
  model.setImage("v2");
  return { model, old, fresh: newReplicaSetName(model.deployment) };
}

/** What one ingress has counted of versions. */
export function report(counts: Record<string, ReportedCounts>): TrafficReport[] {
  return [trafficReport("web.ingress-1", counts)];
}
