import type { TableColumn } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { formatLabelSelector } from "#api/machinery/labels";
import type { LabelSelector, PodTemplateSpec } from "#api/schema/types";

interface Workload extends KubeObject {
  readonly spec: { selector: LabelSelector; template?: PodTemplateSpec | undefined };
}

/** What -o wide adds for every object that makes pods from a template. */
export const templateColumns: readonly TableColumn<Workload>[] = [
  {
    name: "Containers",
    type: "string",
    priority: 1,
    description: "Names of each container in the template.",
    value: (workload) =>
      containersOf(workload)
        .map((container) => container.name)
        .join(","),
  },
  {
    name: "Images",
    type: "string",
    priority: 1,
    description: "Images of each container in the template.",
    value: (workload) =>
      containersOf(workload)
        .map((container) => container.image ?? "")
        .join(","),
  },
  {
    name: "Selector",
    type: "string",
    priority: 1,
    description: "The labels by which it finds its pods.",
    value: (workload) => formatLabelSelector(workload.spec.selector),
  },
];

function containersOf(workload: Workload) {
  return workload.spec.template?.spec?.containers ?? [];
}
