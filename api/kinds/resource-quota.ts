import {
  validateResourceQuota,
  validateResourceQuotaUpdate,
} from "#api/kinds/resource-quota-validation";
import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { ResourceQuota } from "#api/schema/types";

export const resourceQuotaKind = defineKind<ResourceQuota>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.ResourceQuota",
  subresources: ["status"],
  columns: [
    {
      name: "Request",
      type: "string",
      priority: 0,
      description: "What is used of each request and count, and how much may be.",
      value: (quota) => formatUse(quota, (name) => !name.startsWith("limits.")),
    },
    {
      name: "Limit",
      type: "string",
      priority: 0,
      description: "What is used of each limit, and how much may be.",
      value: (quota) => formatUse(quota, (name) => name.startsWith("limits.")),
    },
    ageColumn,
  ],
  setDefaults: ({ spec, status }) => {
    canonicalizeQuantities(spec?.hard);
    canonicalizeQuantities(status?.hard);
    canonicalizeQuantities(status?.used);
  },
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
});

/** "pods: 1/2, requests.cpu: 100m/1" */
function formatUse({ status }: ResourceQuota, isShown: (name: string) => boolean): string {
  const { hard = {}, used = {} } = status ?? {};
  const names = Object.keys(hard).filter(isShown).sort();
  return names.map((name) => `${name}: ${used[name] ?? "0"}/${hard[name] ?? ""}`).join(", ");
}
