import { defineKind } from "#api/machinery/define-kind";
import { isDns1123Label } from "#api/machinery/names";
import { ageColumn } from "#api/machinery/table";
import type { Namespace } from "#api/schema/types";

/** Every namespace carries its own name in this label, so that selectors can name it. */
const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

export const namespaceKind = defineKind<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  isNamespaced: false,
  schema: "io.k8s.api.core.v1.Namespace",
  subresources: ["status"],
  hasGeneration: false,
  nameRule: isDns1123Label,
  columns: [
    {
      name: "Status",
      type: "string",
      priority: 0,
      description: "Active, or Terminating while what is in it is being deleted.",
      value: (namespace) => namespace.status?.phase ?? "",
    },
    ageColumn,
  ],
  selectableFields: { "status.phase": (namespace) => namespace.status?.phase ?? "" },
  setDefaults: (draft) => {
    draft.spec ??= {};
    draft.spec.finalizers ??= ["kubernetes"];
    draft.status ??= {};
    draft.status.phase ||= "Active";
    const { name } = draft.metadata;
    if (name) draft.metadata.labels = { ...draft.metadata.labels, [NAMESPACE_NAME_LABEL]: name };
  },
});
