import { validateDaemonSet, setDaemonSetDefaults } from "#api/kinds/daemon-set-rules";
import { formatLabels } from "#api/kinds/rules/text";
import { templateColumns } from "#api/kinds/workload-columns";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { immutable } from "#api/machinery/field-path";
import { ageColumn } from "#api/machinery/table";
import type { DaemonSet, DaemonSetStatus } from "#api/schema/types";

function count(
  name: string,
  description: string,
  read: (status: Partial<DaemonSetStatus>) => number | undefined,
): TableColumn<DaemonSet> {
  const value = ({ status }: DaemonSet): number => read(status ?? {}) ?? 0;
  return { name, type: "integer", priority: 0, description, value };
}

const columns: readonly TableColumn<DaemonSet>[] = [
  count("Desired", "Nodes that should run its pod.", (status) => status.desiredNumberScheduled),
  count("Current", "Nodes that should and have one.", (status) => status.currentNumberScheduled),
  count("Ready", "Nodes whose pod is ready.", (status) => status.numberReady),
  count(
    "Up-to-date",
    "Nodes whose pod is made from the present template.",
    (status) => status.updatedNumberScheduled,
  ),
  count(
    "Available",
    "Nodes whose pod has been ready for at least minReadySeconds.",
    (status) => status.numberAvailable,
  ),
  {
    name: "Node Selector",
    type: "string",
    priority: 0,
    description: "The labels that a node must have.",
    value: ({ spec }) => formatLabels(spec.template?.spec?.nodeSelector),
  },
  ageColumn,
  ...templateColumns,
];

export const daemonSetKind = defineKind<DaemonSet>({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.apps.v1.DaemonSet",
  subresources: ["status"],
  hasGeneration: true,
  columns,
  setDefaults: setDaemonSetDefaults,
  validate: validateDaemonSet,
  validateUpdate: (next, previous) =>
    immutable("spec.selector", next.spec.selector, previous.spec.selector),
});
