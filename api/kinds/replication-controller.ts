import { defaultTemplate, validateSelectorAndTemplate } from "#api/kinds/rules/templates";
import { nonNegative } from "#api/kinds/rules/values";
import { templateColumns } from "#api/kinds/workload-columns";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { required } from "#api/machinery/field-path";
import { formatLabelSelector, formatSelector, selectorFromMap } from "#api/machinery/labels";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { ReplicationController } from "#api/schema/types";

const words = { ofSelector: "replication controller", ofTemplate: "ReplicationController" };

const columns: readonly TableColumn<ReplicationController>[] = [
  {
    name: "Desired",
    type: "integer",
    priority: 0,
    description: "How many pods there should be.",
    value: ({ spec }) => spec.replicas ?? 1,
  },
  {
    name: "Current",
    type: "integer",
    priority: 0,
    description: "How many pods there are.",
    value: ({ status }) => status?.replicas ?? 0,
  },
  {
    name: "Ready",
    type: "integer",
    priority: 0,
    description: "How many of its pods are ready.",
    value: ({ status }) => status?.readyReplicas ?? 0,
  },
  ageColumn,
  // They read a workload's selector in its newer form.
  ...templateColumns.map((column) => ({
    ...column,
    value: ({ spec, ...rest }: ReplicationController) =>
      column.name === "Selector"
        ? formatLabelSelector({ matchLabels: spec.selector ?? {} })
        : column.value({ ...rest, spec: { selector: {}, template: spec.template } }, 0),
  })),
];

/** The forerunner of ReplicaSet, whose selector is a plain map. */
export const replicationControllerKind = defineKind<ReplicationController>({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.ReplicationController",
  subresources: ["status", "scale"],
  hasGeneration: true,
  columns,
  selectableFields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  setDefaults,
  validate: ({ spec }) => [
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...nonNegative("spec.replicas", spec.replicas),
    ...validateSelector(spec),
  ],
  scale: {
    getReplicas: ({ spec }) => spec.replicas ?? 1,
    setReplicas: (draft, replicas) => {
      draft.spec.replicas = replicas;
    },
    getStatusReplicas: ({ status }) => status?.replicas ?? 0,
    getSelector: ({ spec }) => formatSelector(selectorFromMap(spec.selector)),
  },
});

function setDefaults(draft: ReplicationController): void {
  draft.spec ??= {};
  const { spec } = draft;
  const labels = spec.template?.metadata?.labels;
  const isEmpty = (map: Record<string, string> | undefined): boolean =>
    Object.keys(map ?? {}).length === 0;
  if (labels && !isEmpty(labels)) {
    if (isEmpty(spec.selector)) spec.selector = { ...labels };
    if (isEmpty(draft.metadata.labels)) draft.metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  defaultTemplate(spec.template);
  draft.status ??= { replicas: 0 };
}

function validateSelector({ selector, template }: ReplicationController["spec"]): FieldError[] {
  return selector && Object.keys(selector).length > 0
    ? validateSelectorAndTemplate({ selector: { matchLabels: selector }, template }, words)
    : [required("spec.selector"), ...(template ? [] : [required("spec.template")])];
}
