import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { validateIngress } from "#api/kinds/ingress-validation";
import { formatFew } from "#api/kinds/rules/text";
import type { Ingress } from "#api/schema/types";

export const ingressKind = defineKind<Ingress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  shortNames: ["ing"],
  isNamespaced: true,
  schema: "io.k8s.api.networking.v1.Ingress",
  subresources: ["status"],
  hasGeneration: true,
  columns: [
    {
      name: "Class",
      type: "string",
      priority: 0,
      description: "The ingress class that is to serve it.",
      value: (ingress) => ingress.spec.ingressClassName ?? "<none>",
    },
    {
      name: "Hosts",
      type: "string",
      priority: 0,
      description: "The hosts that it has rules for.",
      value: (ingress) =>
        formatFew(
          (ingress.spec.rules ?? []).map((rule) => rule.host || "*"),
          "*",
        ),
    },
    {
      name: "Address",
      type: "string",
      priority: 0,
      description: "Where the ingress can be reached.",
      value: ({ status }) =>
        (status?.loadBalancer?.ingress ?? []).map((one) => one.ip || one.hostname).join(","),
    },
    {
      name: "Ports",
      type: "string",
      priority: 0,
      description: "The ports that it is served on.",
      value: (ingress) => ((ingress.spec.tls ?? []).length > 0 ? "80, 443" : "80"),
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {};
    draft.status ??= {};
    draft.status.loadBalancer ??= {};
  },
  validate: validateIngress,
});
