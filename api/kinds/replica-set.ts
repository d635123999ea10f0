import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { immutable } from "#api/machinery/field-path";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import { ageColumn } from "#api/machinery/table";
import { defaultTemplate, validateSelectorAndTemplate } from "#api/kinds/rules/templates";
import { nonNegative } from "#api/kinds/rules/values";
import { templateColumns } from "#api/kinds/workload-columns";
import type { ReplicaSet } from "#api/schema/types";

const columns: readonly TableColumn<ReplicaSet>[] = [
  {
    name: "Desired",
    type: "integer",
    priority: 0,
    description: "How many pods there should be.",
    value: (set) => set.spec.replicas ?? 1,
  },
  {
    name: "Current",
    type: "integer",
    priority: 0,
    description: "How many pods there are.",
    value: (set) => set.status?.replicas ?? 0,
  },
  {
    name: "Ready",
    type: "integer",
    priority: 0,
    description: "How many of its pods are ready.",
    value: (set) => set.status?.readyReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns,
];

export const replicaSetKind = defineKind<ReplicaSet>({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.apps.v1.ReplicaSet",
  subresources: ["status", "scale"],
  hasGeneration: true,
  columns,
  selectableFields: { "status.replicas": (set) => String(set.status?.replicas ?? 0) },
  setDefaults: (draft) => {
    draft.spec ??= { selector: {} };
    draft.spec.replicas ??= 1;
    defaultTemplate(draft.spec.template);
    draft.status ??= { replicas: 0 };
  },
  validate: ({ spec }) => [
    ...nonNegative("spec.replicas", spec.replicas),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...validateSelectorAndTemplate(spec),
  ],
  validateUpdate: (next, previous) =>
    immutable("spec.selector", next.spec.selector, previous.spec.selector),
  scale: {
    getReplicas: (set) => set.spec.replicas ?? 1,
    setReplicas: (draft, replicas) => {
      draft.spec.replicas = replicas;
    },
    getStatusReplicas: (set) => set.status?.replicas ?? 0,
    getSelector: (set) => formatSelector(selectorFromLabelSelector(set.spec.selector)),
  },
});
