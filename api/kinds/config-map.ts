import { defineKind } from "#api/machinery/define-kind";
import { invalid, invalidEach, tooLong } from "#api/machinery/field-path";
import { isConfigMapKey } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import { dataSizeBytes, MAX_DATA_BYTES, validateFrozen } from "#api/kinds/rules/data-objects";
import type { ConfigMap } from "#api/schema/types";

export const configMapKind = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.ConfigMap",
  columns: [
    {
      name: "Data",
      type: "string",
      priority: 0,
      description: "How many keys it has.",
      value: ({ data = {}, binaryData = {} }) =>
        String(Object.keys(data).length + Object.keys(binaryData).length),
    },
    ageColumn,
  ],
  validate: validateConfigMap,
  validateUpdate: (next, previous) => validateFrozen(next, previous, ["data", "binaryData"]),
});

function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const found: FieldError[] = [];
  for (const key of Object.keys(data)) {
    found.push(...invalidEach(`data[${key}]`, key, isConfigMapKey(key)));
    if (Object.hasOwn(binaryData, key)) {
      found.push(invalid(`data[${key}]`, key, "duplicate of key present in binaryData"));
    }
  }
  for (const key of Object.keys(binaryData)) {
    found.push(...invalidEach(`binaryData[${key}]`, key, isConfigMapKey(key)));
  }
  // Kubernetes names no field here: the limit holds for both maps together.
  const isTooLong =
    dataSizeBytes(data, "text") + dataSizeBytes(binaryData, "base64") > MAX_DATA_BYTES;
  return isTooLong ? [...found, tooLong("[]", MAX_DATA_BYTES)] : found;
}
