import type { Kind } from "#api/machinery/define-kind";
import { matchesFields, parseFieldSelector } from "#api/machinery/field-selector";
import { parseLabelSelector } from "#api/machinery/labels";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";

/** Which objects of a collection are wanted; `undefined` when all are. */
export type Selection = ((object: KubeObject) => boolean) | undefined;

/** From the query's labelSelector and fieldSelector; `name` narrows to one object. */
export function selectionOf(kind: Kind, query: URLSearchParams, name = ""): Selection {
  const labelText = query.get("labelSelector");
  const fieldText = query.get("fieldSelector");
  if (!labelText && !fieldText && !name) return undefined;
  const labels = labelText ? parseLabelSelector(labelText) : undefined;
  const fields = fieldText ? parseFieldSelector(fieldText) : [];
  checkFields(
    kind,
    fields.map((requirement) => requirement.field),
  );
  return (object) =>
    (name === "" || object.metadata.name === name) &&
    (labels === undefined || labels.matches(object.metadata.labels)) &&
    matchesFields(fields, (field) => fieldValue(kind, object, field));
}

/** The one name that a query is about, if it says one: then nothing need be searched. */
export function selectedName(query: URLSearchParams, name = ""): string | undefined {
  if (name) return name;
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
  return fields.find(({ field, operator }) => field === "metadata.name" && operator === "=")?.value;
}

/** Refuses fields that the kind does not support even when there is no object to select. */
function checkFields(kind: Kind, fields: readonly string[]): void {
  const known = ["metadata.name", "metadata.namespace", ...Object.keys(kind.selectableFields)];
  const unknown = fields.find((field) => !known.includes(field));
  if (unknown !== undefined) throw errors.badRequest(`field label not supported: ${unknown}`);
}

function fieldValue(kind: Kind, object: KubeObject, field: string): string | undefined {
  if (field === "metadata.name") return object.metadata.name;
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  return kind.selectableFields[field]?.(object);
}
