import { defineKind } from "#api/machinery/define-kind";
import { podColumns } from "#api/kinds/pod-columns";
import { podQosClass } from "#api/kinds/pod-resources";
import { defaultPodOnlySpec, defaultPodSpec } from "#api/kinds/pod-spec/defaults";
import {
  ephemeralContainersUpdate,
  validateNoEphemeralContainers,
} from "#api/kinds/pod-spec/ephemeral-containers";
import { resizeUpdate } from "#api/kinds/pod-spec/resize";
import { validatePodUpdate } from "#api/kinds/pod-spec/update";
import { validatePodSpec } from "#api/kinds/pod-spec/validate";
import type { Pod } from "#api/schema/types";

export const podKind = defineKind<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.Pod",
  subresources: [
    "status",
    "log",
    "exec",
    "attach",
    "portforward",
    "binding",
    "eviction",
    "ephemeralcontainers",
    "resize",
  ],
  hasGeneration: true,
  columns: podColumns,
  selectableFields: {
    "spec.nodeName": (pod) => pod.spec.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec.hostNetwork ?? false),
    "status.phase": (pod) => pod.status?.phase ?? "",
    "status.podIP": (pod) => pod.status?.podIP ?? "",
    "status.nominatedNodeName": (pod) => pod.status?.nominatedNodeName ?? "",
  },
  setDefaults: (draft) => {
    draft.spec ??= { containers: [] };
    defaultPodSpec(draft.spec);
    defaultPodOnlySpec(draft.spec);
    draft.status ??= {};
    draft.status.phase ||= "Pending";
    draft.status.qosClass ||= podQosClass(draft);
    noteGates(draft);
  },
  validate: (pod) => validatePodSpec(pod.spec, "spec"),
  validateCreate: ({ spec }) => validateNoEphemeralContainers(spec),
  validateUpdate: validatePodUpdate,
  partialUpdates: { ephemeralcontainers: ephemeralContainersUpdate, resize: resizeUpdate },
});

/** Nobody else says it: a scheduler does not even look at such a pod. */
function noteGates({ spec, status = {} }: Pod): void {
  const isGated = (spec.schedulingGates ?? []).length > 0;
  if (!isGated || status.conditions?.some(({ type }) => type === "PodScheduled")) return;
  const message = "Scheduling is blocked due to non-empty scheduling gates";
  const condition = { type: "PodScheduled", status: "False", reason: "SchedulingGated", message };
  status.conditions = [...(status.conditions ?? []), condition];
}
