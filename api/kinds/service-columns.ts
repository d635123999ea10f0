import type { TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { formatLabels } from "#api/kinds/rules/text";
import type { Service, ServicePort } from "#api/schema/types";

export const serviceColumns: readonly TableColumn<Service>[] = [
  {
    name: "Type",
    type: "string",
    priority: 0,
    description: "How the service can be reached.",
    value: (service) => service.spec.type ?? "",
  },
  {
    name: "Cluster-IP",
    type: "string",
    priority: 0,
    description: "The service's address inside the cluster.",
    value: (service) => service.spec.clusterIPs?.[0] || service.spec.clusterIP || "<none>",
  },
  {
    name: "External-IP",
    type: "string",
    priority: 0,
    description: "Where the service can be reached from outside.",
    value: externalIp,
  },
  {
    name: "Port(s)",
    type: "string",
    priority: 0,
    description: "Port, node port and protocol of each of its ports.",
    value: (service) => (service.spec.ports ?? []).map(formatPort).join(",") || "<none>",
  },
  ageColumn,
  {
    name: "Selector",
    type: "string",
    priority: 1,
    description: "The labels of its pods.",
    value: (service) => formatLabels(service.spec.selector),
  },
];

function externalIp({ spec, status }: Service): string {
  const given = spec.externalIPs ?? [];
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  if (spec.type !== "LoadBalancer") return given.join(",") || "<none>";
  const assigned = (status?.loadBalancer?.ingress ?? []).map((one) => one.ip || one.hostname);
  return [...assigned, ...given].filter(Boolean).join(",") || "<pending>";
}

function formatPort({ port, nodePort, protocol = "TCP" }: ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}
