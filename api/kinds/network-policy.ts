import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { formatLabelSelector } from "#api/machinery/labels";
import { validateNetworkPolicy } from "#api/kinds/network-policy-validation";
import type { NetworkPolicy } from "#api/schema/types";

/** Which traffic the pods of a namespace may have; enforced by the rules of each node. */
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
  setDefaults: (draft) => {
    draft.spec ??= {};
    const { spec } = draft;
    spec.podSelector ??= {};
    // With no types named, a policy is for what comes in, and for what goes out only if it says something about it.
    if (!spec.policyTypes?.length) {
      spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
    }
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of rule.ports ?? []) port.protocol ??= "TCP";
    }
  },
  validate: validateNetworkPolicy,
});
