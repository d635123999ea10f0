import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { formatLabelSelector } from "#api/machinery/labels";
import type { NetworkPolicy } from "#api/schema/types";

export const networkPolicyKind = defineKind<NetworkPolicy>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  isNamespaced: true,
  schema: "io.k8s.api.networking.v1.NetworkPolicy",
  hasGeneration: true,
  columns: [
    {
      name: "Pod-Selector",
      type: "string",
      priority: 0,
      description: "The pods that it is for; none named: all of the namespace.",
      value: ({ spec }) => (spec?.podSelector ? formatLabelSelector(spec.podSelector) : "<none>"),
    },
    ageColumn,
  ],
});
