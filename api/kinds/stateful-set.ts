import {
  setStatefulSetDefaults,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from "#api/kinds/stateful-set-rules";
import { templateColumns } from "#api/kinds/workload-columns";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import { isDns1123Label } from "#api/machinery/names";
import { ageColumn } from "#api/machinery/table";
import type { StatefulSet } from "#api/schema/types";

const columns: readonly TableColumn<StatefulSet>[] = [
  {
    name: "Ready",
    type: "string",
    priority: 0,
    description: "Pods that are ready, of all that there should be.",
    value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`,
  },
  ageColumn,
  ...templateColumns.filter(({ name }) => name !== "Selector"),
];

export const statefulSetKind = defineKind<StatefulSet>({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  shortNames: ["sts"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.apps.v1.StatefulSet",
  subresources: ["status", "scale"],
  hasGeneration: true,
  // Its pods are named after it, and a pod's name is its host name.
  nameRule: isDns1123Label,
  columns,
  setDefaults: setStatefulSetDefaults,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  scale: {
    getReplicas: (set) => set.spec.replicas ?? 1,
    setReplicas: (draft, replicas) => {
      draft.spec.replicas = replicas;
    },
    getStatusReplicas: (set) => set.status?.replicas ?? 0,
    getSelector: (set) => formatSelector(selectorFromLabelSelector(set.spec.selector)),
  },
});
