import { podAutoscalerExplainer, requestAutoscalerExplainer } from "#api/why/autoscaler";
import { claimExplainer } from "#api/why/claim";
import { deploymentExplainer } from "#api/why/deployment";
import type { Explainer } from "#api/why/explainer";
import { ingressExplainer } from "#api/why/ingress";
import { jobExplainer } from "#api/why/job";
import { nodeExplainer } from "#api/why/node";
import { podExplainer } from "#api/why/pod-explainer";
import { daemonSetExplainer, replicaSetExplainer, statefulSetExplainer } from "#api/why/replicated";
import { serviceExplainer } from "#api/why/service";
import { tenantExplainer } from "#api/why/tenant";

/** The kinds whose state can be explained. */
export const explainers: readonly Explainer[] = [
  podExplainer,
  deploymentExplainer,
  replicaSetExplainer,
  statefulSetExplainer,
  daemonSetExplainer,
  jobExplainer,
  serviceExplainer,
  ingressExplainer,
  claimExplainer,
  podAutoscalerExplainer,
  requestAutoscalerExplainer,
  nodeExplainer,
  tenantExplainer,
];

export function explainerOf(kind: {
  readonly group: string;
  readonly plural: string;
}): Explainer | undefined {
  return explainers.find(({ group, plural }) => group === kind.group && plural === kind.plural);
}
