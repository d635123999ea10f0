import { canonicalizeQuantities, validateQuantity } from "#api/kinds/rules/quantities";
import { requiredName } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { immutable, invalidEach } from "#api/machinery/field-path";
import { isDns1123Label, isQualifiedName } from "#api/machinery/names";
import { validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { RuntimeClass } from "#api/schema/types";

/** Written on a pod at admission, so that a node needs to know no runtime classes: the handler of its class. */
export const HANDLER_ANNOTATION = "kaji.dev/runtime-handler";
/** Kaji's own runtime, which also runs pods of no class. */
export const OWN_HANDLER = "kaji";

export const runtimeClassKind = defineKind<RuntimeClass>({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  isNamespaced: false,
  schema: "io.k8s.api.node.v1.RuntimeClass",
  columns: [
    {
      name: "Handler",
      type: "string",
      priority: 0,
      description: "What runs the containers of its pods on a node.",
      value: ({ handler }) => handler ?? "",
    },
    ageColumn,
  ],
  setDefaults: ({ overhead }) => canonicalizeQuantities(overhead?.podFixed),
  validate: ({ handler, overhead, scheduling }) => [
    ...requiredName("handler", handler, isDns1123Label),
    ...validateOverhead(overhead?.podFixed),
    ...validateLabels(scheduling?.nodeSelector, "scheduling.nodeSelector"),
  ],
  validateUpdate: (next, previous) => immutable("handler", next.handler, previous.handler),
});

function validateOverhead(amounts: Record<string, string> = {}): FieldError[] {
  return Object.entries(amounts).flatMap(([name, value]) => {
    const field = `overhead.podFixed[${name}]`;
    return [...invalidEach(field, name, isQualifiedName(name)), ...validateQuantity(value, field)];
  });
}
