import { defineKind } from "#api/machinery/define-kind";
import { duplicate, forbidden, invalidEach, required } from "#api/machinery/field-path";
import { isLabelValue, isQualifiedName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { nodeColumns } from "#api/kinds/node-columns";
import { taintEffects } from "#api/kinds/pod-spec/scheduling";
import { isCidr } from "#api/kinds/rules/ip";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { canonicalizeQuantities, validateQuantity } from "#api/kinds/rules/quantities";
import { each, oneOf } from "#api/kinds/rules/values";
import type { Node, Taint } from "#api/schema/types";

export const nodeKind = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  isNamespaced: false,
  schema: "io.k8s.api.core.v1.Node",
  subresources: ["status"],
  columns: nodeColumns,
  selectableFields: {
    "spec.unschedulable": (node) => String(node.spec.unschedulable ?? false),
  },
  setDefaults: setNodeDefaults,
  validate: (node) => [
    ...validateTaints(node.spec.taints, "spec.taints"),
    ...each("spec.podCIDRs", node.spec.podCIDRs, (cidr, at) => invalidEach(at, cidr, isCidr(cidr))),
    ...Object.entries(node.status?.capacity ?? {}).flatMap(([name, value]) =>
      validateQuantity(value, `status.capacity[${name}]`),
    ),
    ...Object.entries(node.status?.allocatable ?? {}).flatMap(([name, value]) =>
      validateQuantity(value, `status.allocatable[${name}]`),
    ),
  ],
  validateUpdate: validateNodeUpdate,
});

/** podCIDR and podCIDRs say the same; a node without allocatable offers all that it has. */
function setNodeDefaults(draft: Node): void {
  draft.spec ??= {};
  const cidrs = draft.spec.podCIDRs ?? [];
  const cidr = draft.spec.podCIDR || cidrs[0];
  if (cidr) {
    draft.spec.podCIDR = cidr;
    if (cidrs.length === 0) draft.spec.podCIDRs = [cidr];
  }
  const { status } = draft;
  if (!status) return;
  canonicalizeQuantities(status.capacity);
  if (status.capacity) status.allocatable ??= { ...status.capacity };
  canonicalizeQuantities(status.allocatable);
}

function validateTaints(taints: Taint[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(path, taints, (taint, at) => {
    const { key, value, effect } = taint;
    const identity = `${key}:${effect}`;
    const isRepeated = seen.has(identity);
    seen.add(identity);
    return [
      ...(key ? invalidEach(`${at}.key`, key, isQualifiedName(key)) : [required(`${at}.key`)]),
      ...(value ? invalidEach(`${at}.value`, value, isLabelValue(value)) : []),
      ...oneOf(`${at}.effect`, effect, taintEffects),
      ...(isRepeated ? [duplicate(at, taint)] : []),
    ];
  });
}

function validateNodeUpdate(next: Node, previous: Node): FieldError[] {
  const found: FieldError[] = [];
  const hadCidrs = (previous.spec.podCIDRs ?? []).length > 0;
  if (hadCidrs && !isSemanticallyEqual(next.spec.podCIDRs, previous.spec.podCIDRs)) {
    const detail = 'node updates may not change podCIDR except from "" to valid';
    found.push(forbidden("spec.podCIDRs", detail));
  }
  if (previous.spec.providerID && next.spec.providerID !== previous.spec.providerID) {
    const detail = 'node updates may not change providerID except from "" to valid';
    found.push(forbidden("spec.providerID", detail));
  }
  return found;
}
