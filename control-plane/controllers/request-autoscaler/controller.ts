import { eventKind } from "#api/kinds/event";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { podKind } from "#api/kinds/pod";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { trafficReportKind } from "#api/kinds/traffic-report";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Pod } from "#api/schema/types";
import {
  type Caches,
  defineController,
  type Gathering,
} from "#control-plane/controllers/controller";
import {
  findTarget,
  scalableKinds,
  type Target,
} from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import { planRequests } from "#control-plane/controllers/request-autoscaler/plan";
import { advised, lackOf, readyPods } from "#control-plane/controllers/request-autoscaler/room";
import type {
  RequestInput,
  RequestMemory,
  Rival,
} from "#control-plane/controllers/request-autoscaler/state";

/**
 * Keeps the number of replicas of a workload where its requests are carried, down to none; a request that waits wakes
 * it. It looks when an ingress reports, and when time alone could matter: what sleeps costs nothing.
 */
export const requestAutoscalerController = defineController<
  RequestAutoscaler,
  RequestInput,
  RequestMemory
>({
  name: "request-autoscaler",
  reconciles: requestAutoscalerKind,
  watches: [
    { kind: trafficReportKind, keysOf: ofService },
    ...scalableKinds.map((kind) => ({ kind, keysOf: ofTarget })),
    // Looked at with the rest: their changes alone decide nothing.
    ...[podKind, horizontalPodAutoscalerKind].map((kind) => ({ kind, keysOf: () => [] })),
  ],
  observe(caches, key) {
    const autoscaler = caches.get(requestAutoscalerKind, key);
    if (!autoscaler) return undefined;
    const { metadata, spec } = autoscaler;
    const target = findTarget(autoscaler, caches);
    const pods = podsOf(target, caches);
    return {
      ...{ autoscaler, target },
      reports: caches
        .inNamespace(trafficReportKind, metadata.namespace ?? "")
        .filter((report) => report.spec.service === spec.service && report.status),
      ready: readyPods(pods),
      lack: target.type === "found" ? lackOf(target.object, pods) : undefined,
      rivals: rivalsOf(autoscaler, caches),
    };
  },
  gather: withAdvice,
  plan: planRequests,
});

function ofService(object: KubeObject, caches: Caches): string[] {
  const { metadata, spec } = object as TrafficReport;
  return caches
    .inNamespace(requestAutoscalerKind, metadata.namespace ?? "")
    .filter((one) => one.spec.service === spec.service)
    .map(keyOf);
}

function ofTarget({ kind, metadata }: KubeObject, caches: Caches): string[] {
  return caches
    .inNamespace(requestAutoscalerKind, metadata.namespace ?? "")
    .filter(({ spec: { scaleTargetRef: target } }) => {
      return target.kind === kind && target.name === metadata.name;
    })
    .map(keyOf);
}

function podsOf(target: Target, caches: Caches): Pod[] {
  if (target.type === "missing") return [];
  const { selector, object } = target;
  const pods = caches.inNamespace(podKind, object.metadata.namespace ?? "");
  return pods.filter(({ metadata }) => selector.matches(metadata.labels));
}

/** Others that scale the same target; of two RequestAutoscalers the older one counts. */
function rivalsOf({ metadata, spec }: RequestAutoscaler, caches: Caches): Rival[] {
  const namespace = metadata.namespace ?? "";
  const { kind, name } = spec.scaleTargetRef;
  const isSame = (one: { readonly kind: string; readonly name: string }): boolean =>
    one.kind === kind && one.name === name;
  const ageOf = ({ metadata: { creationTimestamp = "", uid = "" } }: KubeObject): string =>
    `${creationTimestamp} ${uid}`;
  const scalers = caches
    .inNamespace(horizontalPodAutoscalerKind, namespace)
    .filter((one) => isSame(one.spec.scaleTargetRef));
  const older = caches
    .inNamespace(requestAutoscalerKind, namespace)
    .filter((one) => isSame(one.spec.scaleTargetRef))
    .filter((one) => ageOf(one) < ageOf({ apiVersion: "", kind: "", metadata }));
  return [
    ...scalers.map((one) => ({ kind: "HorizontalPodAutoscaler", name: one.metadata.name })),
    ...older.map((one) => ({ kind: "RequestAutoscaler", name: one.metadata.name })),
  ];
}

async function withAdvice(
  input: RequestInput,
  { client }: Gathering<RequestMemory>,
): Promise<RequestInput> {
  const { lack } = input;
  if (!lack?.pod) return input;
  const { namespace = "", uid } = lack.pod.metadata;
  const fieldSelector = `involvedObject.uid=${uid}`;
  const { items } = await client.list(eventKind, { namespace, fieldSelector });
  return { ...input, lack: advised(lack, items) };
}
