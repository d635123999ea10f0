import type { KubeObject } from "#api/machinery/meta";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import { GROUP, VERSION } from "#api/schema/own/shape";
import type { HorizontalPodAutoscaler } from "#api/schema/types";
import { warningLines } from "#api/why/events-about";
import { defineExplainer, type Explainer, type Trouble } from "#api/why/explainer";
import { conditionSentence } from "#api/why/pending";

/** Both autoscalers say by conditions whether they can scale, measure, are limited, find room. */
const explained = {
  isNamespaced: true,
  reads: ["events"],
  trouble: scalerTrouble,
  explain: (scaler, { events }) => [
    stateOf(scaler),
    ...badConditions(scaler).map(conditionSentence),
    ...warningLines(scaler, events, toldReasons(scaler)),
  ],
} satisfies Partial<Explainer<Scaler>>;

export const podAutoscalerExplainer = defineExplainer<HorizontalPodAutoscaler>({
  ...{ group: "autoscaling", version: "v2" },
  ...{ kind: "HorizontalPodAutoscaler", plural: "horizontalpodautoscalers" },
  ...explained,
});

export const requestAutoscalerExplainer = defineExplainer<RequestAutoscaler>({
  ...{ group: GROUP, version: VERSION, kind: "RequestAutoscaler", plural: "requestautoscalers" },
  ...explained,
});

interface Scaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string } | undefined;
    readonly maxReplicas: number;
  };
  readonly status?:
    | {
        readonly currentReplicas?: number | undefined;
        readonly desiredReplicas?: number | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

function stateOf(scaler: Scaler): string {
  const { scaleTargetRef, maxReplicas } = scaler.spec;
  const { currentReplicas = 0, desiredReplicas = 0 } = scaler.status ?? {};
  const target = `${scaleTargetRef?.kind.toLowerCase()} ${scaleTargetRef?.name}`;
  const isSeen = scaler.status?.currentReplicas !== undefined || scaler.status?.conditions;
  if (!isSeen) return `has not looked at ${target} yet`;
  const fails = (name: string): boolean => badConditions(scaler).some(({ type }) => type === name);
  if (currentReplicas === 0 && desiredReplicas === 0)
    return fails("AbleToScale") ? `cannot scale ${target}` : `lets ${target} sleep`;
  // Without one metric it says 0, which nobody wants.
  if (desiredReplicas === 0 && fails("ScalingActive"))
    return `holds ${target} at ${currentReplicas} replicas and cannot tell how many it needs`;
  const atMax = desiredReplicas >= maxReplicas ? ", the most that it may ask for" : "";
  return `holds ${target} at ${currentReplicas} replicas and wants ${desiredReplicas}${atMax}`;
}

/** What hinders it. A limit is told only where it keeps replicas back that the load asks for. */
function badConditions({ status }: Scaler): Condition[] {
  return (status?.conditions ?? []).filter(({ type, status: is, reason }) =>
    type === "ScalingLimited"
      ? is === "True" && reason !== "TooFewReplicas" && reason !== "WindowNotSeen"
      : is === "False" && reason !== "ScalingDisabled",
  );
}

function toldReasons(scaler: Scaler): string[] {
  return badConditions(scaler).flatMap(({ reason }) => reason ?? []);
}

function scalerTrouble(scaler: Scaler): Trouble | undefined {
  const [first] = badConditions(scaler);
  if (!first) return undefined;
  return {
    tone: first.type === "ScalingLimited" ? "busy" : "bad",
    sentence: `${stateOf(scaler)}: ${first.message ?? conditionSentence(first)}`,
  };
}
