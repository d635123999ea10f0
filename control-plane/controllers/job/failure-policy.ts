import { isPodTerminal } from "#api/kinds/pod-status";
import type {
  Job,
  Pod,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
} from "#api/schema/types";
import { isSucceeded } from "#control-plane/controllers/job/pods";

export type FailureAction = "Count" | "Ignore" | "FailIndex" | "FailJob";

export interface FailureMatch {
  readonly action: FailureAction;
  /** What the Job says when this pod fails it. */
  readonly message: string;
}

const counted: FailureMatch = { action: "Count", message: "" };

/** What a failed pod means for its Job: the first rule that matches decides; without one it counts. */
export function matchFailurePolicy(job: Job, pod: Pod): FailureMatch {
  if (!isPodTerminal(pod) || isSucceeded(pod)) return counted;
  for (const [index, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = reasonFor(rule, pod);
    if (why === undefined) continue;
    const action = rule.action as FailureAction;
    return { action, message: `${why} matching ${action} rule at index ${index}` };
  }
  return counted;
}

function reasonFor({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod) {
  const { namespace, name } = pod.metadata;
  if (onExitCodes) {
    const found = exitMatching(onExitCodes, pod);
    return (
      found &&
      `Container ${found.container} for pod ${namespace}/${name} failed with exit code ${found.exitCode}`
    );
  }
  const condition = onPodConditions?.find((pattern) =>
    pod.status?.conditions?.some(
      ({ type, status }) => type === pattern.type && status === pattern.status,
    ),
  );
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

function exitMatching(
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
  { status }: Pod,
) {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  for (const { name, state } of statuses) {
    const exitCode = state?.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) continue;
    if (values.includes(exitCode) === (operator === "In")) return { container: name, exitCode };
  }
  return undefined;
}
