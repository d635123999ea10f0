import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { SchemaProperty } from "#api/schema/definition-types";
import { definitionOf, refName } from "#api/schema/definitions";
import { GROUP } from "#api/schema/own/shape";
import { page, type Page, quoted, table } from "#scripts/reference/markdown";

/** Every kind of the API, and the fields of Kaji's own. */
export const kindsPage: Page = {
  path: "docs/reference/kinds.md",
  render: () =>
    page(
      "Kinds",
      "Generated from `api/kinds` and `api/schema` by `npm run docs`. `kubectl explain KIND` says the fields of each; those of Kubernetes' kinds are in its own reference (1.34).",
      table(
        [
          "Kind",
          "apiVersion",
          "Resource",
          "Short",
          "Namespaced",
          "Subresources",
          "Fields to select by",
        ],
        kinds.toSorted(byGroup).map(kindRow),
      ),
      "Custom resources are not served. What differs from Kubernetes: [what does not work](../what-does-not-work.md).",
      `## Kaji's own kinds (${GROUP})`,
      ...kinds.filter(({ group }) => group === GROUP).flatMap(ownKind),
    ),
};

function byGroup(a: Kind, b: Kind): number {
  return a.group.localeCompare(b.group) || a.kind.localeCompare(b.kind);
}

function kindRow(kind: Kind): string[] {
  return [
    quoted(kind.kind),
    apiVersionOf(kind),
    kind.plural,
    kind.shortNames.join(", "),
    kind.isNamespaced ? "yes" : "no",
    kind.subresources.join(", "),
    Object.keys(kind.selectableFields).join(", "),
  ];
}

function ownKind({ kind, schema, columns }: Kind): string[] {
  const definition = definitionOf(schema);
  const shown = columns.map(({ name }) => name).join(", ");
  return [
    `### ${kind}`,
    definition.description ?? "",
    ...(shown === "" ? [] : [`Columns of \`kubectl get\`: ${shown}.`]),
    table(["Field", "Type", "Needed", "Meaning"], fieldsOf(schema, "")),
  ];
}

const OWN_PREFIX = `dev.${GROUP.split(".")[0]}.`;

function fieldsOf(schema: string, prefix: string): string[][] {
  const { properties = {}, required = [] } = definitionOf(schema);
  return Object.entries(properties).flatMap(([name, property]) => {
    if (prefix === "" && !["spec", "status"].includes(name)) return [];
    const of = refOf(property);
    const field = `${prefix}${name}${property.items ? "[]" : ""}`;
    const needed = required.includes(name) ? "yes" : "";
    const row = [quoted(field), typeOf(property), needed, property.description ?? ""];
    return [row, ...(of?.startsWith(OWN_PREFIX) ? fieldsOf(of, `${field}.`) : [])];
  });
}

function refOf({ items, additionalProperties, $ref }: SchemaProperty): string | undefined {
  const at = items?.$ref ?? (additionalProperties as SchemaProperty | undefined)?.$ref ?? $ref;
  return at && refName(at);
}

function typeOf({ items, additionalProperties, $ref, type }: SchemaProperty): string {
  if (items) return `list of ${typeOf(items)}`;
  if (typeof additionalProperties === "object") return `map of ${typeOf(additionalProperties)}`;
  return $ref?.split(".").at(-1) ?? String(type ?? "any");
}
