import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { nonNegative, positive } from "#api/kinds/rules/values";
import type { Lease } from "#api/schema/types";

export const leaseKind = defineKind<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  isNamespaced: true,
  schema: "io.k8s.api.coordination.v1.Lease",
  columns: [
    {
      name: "Holder",
      type: "string",
      priority: 0,
      description: "Who holds the lease now.",
      value: (lease) => lease.spec.holderIdentity ?? "",
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {};
  },
  validate: ({ spec }) => [
    ...positive("spec.leaseDurationSeconds", spec.leaseDurationSeconds),
    ...nonNegative("spec.leaseTransitions", spec.leaseTransitions),
  ],
});
