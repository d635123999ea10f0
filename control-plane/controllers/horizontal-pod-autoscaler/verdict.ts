import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
  MetricStatus,
} from "#api/schema/types";
import {
  evaluateMetric,
  type MetricFailure,
} from "#control-plane/controllers/horizontal-pod-autoscaler/metric";
import {
  type Bounds,
  limited,
  type Said,
  stabilized,
} from "#control-plane/controllers/horizontal-pod-autoscaler/stabilize";
import {
  type Look,
  minReplicasOf,
  type Recommended,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import type { FoundTarget } from "#control-plane/controllers/horizontal-pod-autoscaler/target";

/** What one look at an autoscaler comes to, before any of it is done. */
export interface Verdict {
  /** In the order in which they are said; of one type the last counts. */
  readonly conditions: readonly Statement[];
  readonly complaints: readonly Complaint[];
  /** undefined: it could not be computed, and the status keeps what it has. */
  readonly desiredReplicas?: number;
  /** Why there are to be more or fewer; undefined: nothing is to be changed. */
  readonly rescale?: string;
  readonly currentMetrics?: readonly MetricStatus[];
  /** What the metrics recommend, before stabilization; undefined: they were not asked. */
  readonly recommended?: Recommended;
}

export type Statement = Pick<
  HorizontalPodAutoscalerCondition,
  "type" | "status" | "reason" | "message"
>;

/** A Warning, told when it is new. */
export interface Complaint {
  readonly reason: string;
  readonly message: string;
}

export interface Looked extends Look {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly target: FoundTarget;
}

export function judge(
  input: Looked,
  history: Pick<Bounds, "recommendations" | "changes">,
  nowMs: number,
): Verdict {
  const { autoscaler, target } = input;
  const { maxReplicas } = autoscaler.spec;
  const minReplicas = minReplicasOf(autoscaler);
  const currentReplicas = target.replicas;
  const gotScale = say(
    "AbleToScale",
    true,
    "SucceededGetScale",
    "the HPA controller was able to get the target's current scale",
  );
  if (currentReplicas === 0 && minReplicas !== 0) {
    const message = "scaling is disabled since the replica count of the target is zero";
    const disabled = say("ScalingActive", false, "ScalingDisabled", message);
    return { conditions: [gotScale, disabled], complaints: [], desiredReplicas: 0 };
  }
  if (currentReplicas > maxReplicas) {
    const rescale = "Current number of replicas above Spec.MaxReplicas";
    return { conditions: [gotScale], complaints: [], desiredReplicas: maxReplicas, rescale };
  }
  if (currentReplicas < minReplicas) {
    const rescale = "Current number of replicas below Spec.MinReplicas";
    return { conditions: [gotScale], complaints: [], desiredReplicas: minReplicas, rescale };
  }
  const verdict = byMetrics(input, { ...history, autoscaler, minReplicas, currentReplicas, nowMs });
  return { ...verdict, conditions: [gotScale, ...verdict.conditions] };
}

function byMetrics(input: Looked, bounds: Bounds): Verdict {
  const objection = selectorObjection(input);
  if (objection) return objection;
  const { currentReplicas, nowMs } = bounds;
  const specs = input.autoscaler.spec.metrics ?? [];
  const weighed = weigh(specs, input, bounds);
  const { replicas, currentMetrics, conditions, complaints } = weighed;
  if (replicas === undefined) return { conditions, complaints, currentMetrics };
  const steady = stabilized(replicas, bounds);
  const allowed = limited(steady.replicas, bounds);
  const rescale = reasonFor(replicas, currentReplicas, weighed.name);
  return {
    conditions: [
      ...conditions,
      saidAs("AbleToScale", true, steady),
      saidAs("ScalingLimited", allowed.replicas !== steady.replicas, allowed),
    ],
    complaints,
    currentMetrics,
    desiredReplicas: allowed.replicas,
    recommended: { replicas, atMs: nowMs },
    ...(allowed.replicas === currentReplicas ? {} : { rescale }),
  };
}

/** Empty, as in Kubernetes, where former recommendations alone are the reason. */
function reasonFor(replicas: number, currentReplicas: number, name: string): string {
  if (replicas === currentReplicas) return "";
  return replicas > currentReplicas ? `${name} above target` : "All metrics below target";
}

/** Nothing is scaled by pods that are not its own. */
function selectorObjection({ target, contenders, autoscaler }: Looked): Verdict | undefined {
  if (target.selectorText === "") {
    const message = "the HPA target's scale is missing a selector";
    return objection("SelectorRequired", "selector is required", "InvalidSelector", message);
  }
  if (contenders.length === 0) return undefined;
  const { name, namespace } = autoscaler.metadata;
  const all = [name, ...contenders].sort().map((one) => `{${one} ${namespace}}`);
  const problem = `pods by selector ${target.selectorText} are controlled by multiple HPAs: [${all.join(" ")}]`;
  return objection("AmbiguousSelector", problem, "AmbiguousSelector", problem);
}

function objection(event: string, problem: string, reason: string, message: string): Verdict {
  return {
    conditions: [say("ScalingActive", false, reason, message)],
    complaints: [
      { reason: event, message: problem },
      { reason: "FailedComputeMetricsReplicas", message: problem },
    ],
  };
}

interface Weighed {
  /** undefined: nothing can be recommended. */
  readonly replicas: number | undefined;
  readonly name: string;
  readonly currentMetrics: readonly MetricStatus[];
  readonly conditions: readonly Statement[];
  readonly complaints: readonly Complaint[];
}

/** The metric that asks for most counts. While one of them fails, the others may only add. */
function weigh(
  specs: readonly MetricSpec[],
  input: Looked,
  { currentReplicas, nowMs }: Bounds,
): Weighed {
  const { kind, object } = input.target;
  const statusReplicas = kind.scale?.getStatusReplicas(object) ?? currentReplicas;
  const results = specs.map((spec, at) => {
    const answer = input.answers?.get(at);
    return evaluateMetric(spec, { ...input, currentReplicas, statusReplicas, answer, nowMs });
  });
  const failures = results.filter((result) => result.type === "failure");
  const proposals = results.filter((result) => result.type === "proposal");
  const most = Math.max(...proposals.map(({ replicas }) => replicas));
  const highest = proposals.find(({ replicas }) => replicas === most);
  const currentMetrics = results.map((result) =>
    result.type === "proposal" ? result.status : { type: "" },
  );
  const complaints = failures.map(({ reason, problem }) => ({ reason, message: problem }));
  const [failed] = failures;
  if (!highest || (failed && highest.replicas < currentReplicas)) {
    return {
      ...{ replicas: undefined, name: "", currentMetrics },
      conditions: failed ? [unableToCompute(failed)] : [],
      complaints: [...complaints, ...summaryOf(failures, specs.length)],
    };
  }
  const { replicas, name } = highest;
  const message = `the HPA was able to successfully calculate a replica count from ${name}`;
  const conditions = [say("ScalingActive", true, "ValidMetricFound", message)];
  return { replicas, name, currentMetrics, conditions, complaints };
}

function unableToCompute({ reason, problem }: MetricFailure): Statement {
  const message = `the HPA was unable to compute the replica count: ${problem}`;
  return say("ScalingActive", false, reason, message);
}

function summaryOf(failures: readonly MetricFailure[], count: number): Complaint[] {
  const [first] = failures;
  if (!first) return [];
  const message =
    `invalid metrics (${failures.length} invalid out of ${count}), ` +
    `first error is: ${first.prefix}${first.problem}`;
  return [{ reason: "FailedComputeMetricsReplicas", message }];
}

export function say(type: string, isSo: boolean, reason: string, message: string): Statement {
  return { type, status: isSo ? "True" : "False", reason, message };
}

function saidAs(type: string, isSo: boolean, { reason, message }: Said): Statement {
  return say(type, isSo, reason, message);
}
