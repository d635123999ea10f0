import { podQosClass } from "#api/kinds/pod-resources";
import { errors } from "#api/machinery/status-error";
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from "#api/schema/types";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { brokenLimits, podAmounts } from "#control-plane/apiserver/admission/limit-range-checks";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** Gives containers the requests and limits that their namespace has for them, and refuses what is beyond. */
const LIMIT_RANGES = { group: "", plural: "limitranges" };
const ANNOTATION = "kubernetes.io/limit-ranger";

export const limitRange: AdmissionPlugin = {
  name: "LimitRanger",

  mutate(request, cluster) {
    if (request.operation !== "CREATE" || !isKind(request.kind, "", "pods")) return;
    const pod = request.object as Pod;
    const defaults = itemsOf(request, cluster).filter(({ type }) => type === "Container");
    if (!pod.spec || defaults.length === 0) return;
    const set: string[] = [];
    for (const item of defaults) {
      for (const one of pod.spec.containers ?? []) set.push(...fill(one, item, "container"));
      for (const one of pod.spec.initContainers ?? []) {
        set.push(...fill(one, item, "init container"));
      }
    }
    if (set.length === 0) return;
    if (pod.status) pod.status.qosClass = podQosClass(pod);
    const text = `LimitRanger plugin set: ${set.join("; ")}`;
    pod.metadata.annotations = { ...pod.metadata.annotations, [ANNOTATION]: text };
  },

  validate(request, cluster) {
    const { kind, object, operation, subresource } = request;
    const isPod = isKind(kind, "", "pods") && (operation === "CREATE" || subresource === "resize");
    const isClaim = isKind(kind, "", "persistentvolumeclaims") && subresource === undefined;
    if (!isPod && !isClaim) return;
    const broken = itemsOf(request, cluster).flatMap((item) =>
      isPod ? checkPod(item, object as Pod) : checkClaim(item, object as PersistentVolumeClaim),
    );
    const sentences = [...new Set(broken)];
    if (sentences.length === 0) return;
    const why = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
    throw errors.forbidden(resourceOf(kind), object.metadata.name, why ?? "");
  },
};

function itemsOf({ object }: AdmissionRequest, cluster: ClusterView): LimitRangeItem[] {
  if (!cluster.has(LIMIT_RANGES)) return [];
  const ranges = [...cluster.list(LIMIT_RANGES, object.metadata.namespace)];
  return ranges.flatMap((stored) => (stored.object as LimitRange).spec?.limits ?? []);
}

/** What was set, as the annotation names it: "cpu, memory request for container web". */
function fill(container: Container, item: LimitRangeItem, title: string): string[] {
  const resources = { ...container.resources };
  const said: string[] = [];
  for (const [side, defaults = {}] of [
    ["requests", item.defaultRequest],
    ["limits", item.default],
  ] as const) {
    const missing = Object.keys(defaults).filter((name) => resources[side]?.[name] === undefined);
    if (missing.length === 0) continue;
    resources[side] = { ...defaults, ...resources[side] };
    said.push(`${missing.sort().join(", ")} ${side.slice(0, -1)} for ${title} ${container.name}`);
  }
  container.resources = resources;
  return said;
}

function checkPod(item: LimitRangeItem, pod: Pod): string[] {
  if (item.type === "Pod") return brokenLimits(item, podAmounts(pod));
  if (item.type !== "Container") return [];
  const { containers, initContainers = [] } = pod.spec;
  return [...containers, ...initContainers].flatMap(({ resources }) =>
    brokenLimits(item, resources ?? {}),
  );
}

/** A claim has a request alone, and no limit that could be compared with it. */
function checkClaim(item: LimitRangeItem, { spec }: PersistentVolumeClaim): string[] {
  if (item.type !== "PersistentVolumeClaim") return [];
  const { requests = {} } = spec?.resources ?? {};
  const { min, max } = item;
  return brokenLimits({ type: item.type, min, max }, { requests, limits: requests });
}
