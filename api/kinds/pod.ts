import { defineKind } from "#api/machinery/define-kind";
import { podColumns } from "#api/kinds/pod-columns";
import { podQosClass } from "#api/kinds/pod-resources";
import { defaultPodOnlySpec, defaultPodSpec } from "#api/kinds/pod-spec/defaults";
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
  subresources: ["status", "log", "exec", "attach", "portforward", "binding", "eviction"],
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
  },
  validate: (pod) => validatePodSpec(pod.spec, "spec"),
  validateUpdate: validatePodUpdate,
});
