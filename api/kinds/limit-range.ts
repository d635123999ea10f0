import { validateLimitRange } from "#api/kinds/limit-range-validation";
import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import { defineKind } from "#api/machinery/define-kind";
import type { LimitRange, LimitRangeItem } from "#api/schema/types";

export const limitRangeKind = defineKind<LimitRange>({
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  shortNames: ["limits"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.LimitRange",
  columns: [
    {
      name: "Created At",
      type: "date",
      priority: 0,
      description: "When it was created.",
      value: ({ metadata }) => metadata.creationTimestamp ?? "<unknown>",
    },
  ],
  setDefaults: ({ spec }) => {
    for (const item of spec?.limits ?? []) setItemDefaults(item);
  },
  validate: validateLimitRange,
});

/** For containers, what is not said follows from what is: the limit from the maximum, the request from both. */
function setItemDefaults(item: LimitRangeItem): void {
  for (const part of [item.max, item.min, item.default, item.defaultRequest]) {
    canonicalizeQuantities(part);
  }
  canonicalizeQuantities(item.maxLimitRequestRatio);
  if (item.type !== "Container") return;
  item.default = { ...item.max, ...item.default };
  item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
}
