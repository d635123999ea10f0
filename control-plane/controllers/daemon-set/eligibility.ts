import { matchesNodeSelectorTerm } from "#api/machinery/node-selector";
import { toleratesTaint } from "#api/machinery/taints";
import type { DaemonSet, Node, PodSpec } from "#api/schema/types";
import { daemonTolerations } from "#control-plane/controllers/daemon-set/daemon-pod";

export interface Eligibility {
  readonly shouldRun: boolean;
  /** A pod that is there already may stay, though none would be started. */
  readonly mayStay: boolean;
}

const NEVER: Eligibility = { shouldRun: false, mayStay: false };

/**
 * Whether a node is for a DaemonSet: its name, its labels, its taints. Whether there is room is for the
 * scheduler to say. Source: Kubernetes, "DaemonSet: how daemon pods are scheduled".
 */
export function eligibilityOf({ spec }: DaemonSet, node: Node): Eligibility {
  const podSpec = spec.template.spec ?? { containers: [] };
  if (podSpec.nodeName && podSpec.nodeName !== node.metadata.name) return NEVER;
  if (!fitsLabels(podSpec, node)) return NEVER;
  const tolerations = daemonTolerations(podSpec);
  const untolerated = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, taint),
  );
  return {
    shouldRun: untolerated.length === 0,
    mayStay: untolerated.every(({ effect }) => effect !== "NoExecute"),
  };
}

function fitsLabels({ nodeSelector, affinity }: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(nodeSelector ?? {});
  if (!wanted.every(([key, value]) => labels[key] === value)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node)) ?? true;
}
