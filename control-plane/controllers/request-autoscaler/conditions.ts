import type { FoundTarget } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import type { Decision } from "#control-plane/controllers/request-autoscaler/decide";
import {
  INGRESS_SILENT,
  type Silence,
} from "#control-plane/controllers/request-autoscaler/question";
import type { RequestInput } from "#control-plane/controllers/request-autoscaler/state";
import { say, type Statement } from "#control-plane/controllers/request-autoscaler/status";

export const FIRST_REPORT_MS = 5_000;

/** What is said on the object: whether it can scale, whether it is measured, what limits it, whether there is room. */
export function statementsOf(
  input: RequestInput,
  decision: Decision,
  silence: Silence,
  target: FoundTarget,
  nowMs: number,
): Statement[] {
  const { lack } = input;
  return [
    ability(input, target),
    activity(input, silence, nowMs),
    limitation(decision),
    lack
      ? say("HasRoom", false, lack.reason, lack.message)
      : say("HasRoom", true, "RoomFound", "no pod that was asked for lacks a place"),
  ];
}

/** Those that a user should be told of once, by an event too. */
export function isComplaint({ type, status }: Statement): boolean {
  return status === "False" && type !== "ScalingLimited";
}

function ability({ rivals }: RequestInput, { kind, object }: FoundTarget): Statement {
  const target = `${kind.kind} ${object.metadata.name}`;
  if (rivals.length === 0) {
    return say("AbleToScale", true, "SucceededGetScale", `the scale of ${target} is known`);
  }
  const others = rivals.map((rival) => `${rival.kind} ${rival.name}`).join(" and ");
  const message = `${target} is scaled by ${others} too: this one only wakes it; delete one of them`;
  return say("AbleToScale", false, "ConflictingAutoscaler", message);
}

function activity(
  { autoscaler, reports }: RequestInput,
  silence: Silence,
  nowMs: number,
): Statement {
  const { service } = autoscaler.spec;
  const ageMs = nowMs - (Date.parse(autoscaler.metadata.creationTimestamp ?? "") || 0);
  if (reports.length === 0 && ageMs < FIRST_REPORT_MS) {
    const message = `the ingresses have not reported of service ${service} yet`;
    return { type: "ScalingActive", status: "Unknown", reason: "FirstReportAwaited", message };
  }
  if (reports.length === 0) {
    const message = `no ingress measures service ${service}: is there an Ingress with a path to it, and an ingress that runs?`;
    return say("ScalingActive", false, "NoTrafficReport", message);
  }
  if (silence.type !== "none" && silence.silent.length > 0) {
    const names = silence.silent.map(({ ingress }) => ingress).join(", ");
    const reports = silence.silent.map(({ reportName }) => reportName).join(" ");
    const message = `ingress ${names} does not answer, and requests may reach its nginx: nothing is taken away; if it is gone for good: kubectl delete trafficreport ${reports}`;
    return say("ScalingActive", false, INGRESS_SILENT, message);
  }
  return say(
    "ScalingActive",
    true,
    "TrafficMeasured",
    `requests of service ${service} are measured`,
  );
}

const LIMITS: Readonly<Record<Decision["limit"], string>> = {
  None: "the desired number of replicas is within its bounds",
  TooManyReplicas: "the requests want more replicas than maxReplicas",
  TooFewReplicas: "the requests want fewer replicas than there shall be at least",
  ScaleUpLimit: "the requests want more replicas than may be added at once",
  WindowNotSeen: "nothing is taken away before a whole window was seen",
};

function limitation({ limit }: Decision): Statement {
  const reason = limit === "None" ? "DesiredWithinRange" : limit;
  return say("ScalingLimited", limit !== "None", reason, LIMITS[limit]);
}
