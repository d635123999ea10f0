import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from "#api/schema/types";

/** All expressions and fields of a term must hold; a term without any matches nothing. */
export function matchesNodeSelectorTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    expressions.every((requirement) => holds(requirement, labels[requirement.key])) &&
    fields.every(
      (requirement) =>
        requirement.key === "metadata.name" && holds(requirement, node.metadata.name),
    )
  );
}

function holds(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compareIntegers(value, values[0]) > 0;
    case "Lt":
      return compareIntegers(value, values[0]) < 0;
    default:
      return false;
  }
}

/** 0 when either is no integer: then neither Gt nor Lt holds. */
function compareIntegers(value: string | undefined, bound: string | undefined): number {
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound))
    return 0;
  const difference = BigInt(value) - BigInt(bound);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
