import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { ServiceAccount } from "#api/schema/types";

export const serviceAccountKind = defineKind<ServiceAccount>({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.ServiceAccount",
  subresources: ["token"],
  columns: [
    {
      name: "Secrets",
      type: "string",
      priority: 0,
      description: "How many secrets its pods may use.",
      value: (account) => String((account.secrets ?? []).length),
    },
    ageColumn,
  ],
});
