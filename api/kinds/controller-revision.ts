import { nonNegative } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { immutable, required } from "#api/machinery/field-path";
import { controllerOf } from "#api/machinery/meta";
import { ageColumn } from "#api/machinery/table";
import type { ControllerRevision } from "#api/schema/types";

/** A past state of a DaemonSet or StatefulSet, to which it can be rolled back. */
export const controllerRevisionKind = defineKind<ControllerRevision>({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  isNamespaced: true,
  schema: "io.k8s.api.apps.v1.ControllerRevision",
  columns: [
    {
      name: "Controller",
      type: "string",
      priority: 0,
      description: "Whose past state this is.",
      value: formatController,
    },
    {
      name: "Revision",
      type: "integer",
      priority: 0,
      description: "Its place in the history: the highest is the present one.",
      value: (revision) => revision.revision ?? 0,
    },
    ageColumn,
  ],
  validate: ({ data, revision }) => [
    ...(data == null ? [required("data", "data is mandatory")] : []),
    ...nonNegative("revision", revision),
  ],
  validateUpdate: (next, previous) => immutable("data", next.data, previous.data),
});

/** "daemonset.apps/web" */
function formatController(revision: ControllerRevision): string {
  const owner = controllerOf(revision);
  if (!owner) return "<none>";
  const [group, version] = owner.apiVersion.split("/");
  const resource = version ? `${owner.kind}.${group}` : owner.kind;
  return `${resource.toLowerCase()}/${owner.name}`;
}
