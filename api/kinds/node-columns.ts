import type { TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { Node } from "#api/schema/types";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

export const nodeColumns: readonly TableColumn<Node>[] = [
  {
    name: "Status",
    type: "string",
    priority: 0,
    description: "Ready, NotReady or Unknown; and whether new pods may come.",
    value: nodeStatus,
  },
  {
    name: "Roles",
    type: "string",
    priority: 0,
    description: `The roles of the node, from its labels ${ROLE_PREFIX}ROLE.`,
    value: (node) => rolesOf(node).join(",") || "<none>",
  },
  ageColumn,
  {
    name: "Version",
    type: "string",
    priority: 0,
    description: "The version of the node's agent.",
    value: (node) => node.status?.nodeInfo?.kubeletVersion ?? "",
  },
  {
    name: "Internal-IP",
    type: "string",
    priority: 1,
    description: "The address by which the cluster reaches the node.",
    value: (node) => addressOf(node, "InternalIP"),
  },
  {
    name: "External-IP",
    type: "string",
    priority: 1,
    description: "The address by which the world reaches the node.",
    value: (node) => addressOf(node, "ExternalIP"),
  },
  systemColumn("OS-Image", "osImage", "The operating system, as it names itself."),
  systemColumn("Kernel-Version", "kernelVersion", "The kernel that the node runs."),
  systemColumn("Container-Runtime", "containerRuntimeVersion", "What runs containers there."),
];

function systemColumn(
  name: string,
  field: "osImage" | "kernelVersion" | "containerRuntimeVersion",
  description: string,
): TableColumn<Node> {
  return {
    name,
    type: "string",
    priority: 1,
    description,
    value: (node) => node.status?.nodeInfo?.[field] || "<unknown>",
  };
}

function nodeStatus(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
  const state = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return node.spec.unschedulable ? `${state},SchedulingDisabled` : state;
}

function rolesOf(node: Node): string[] {
  const labels = Object.entries(node.metadata.labels ?? {});
  const roles = labels.flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return [key.slice(ROLE_PREFIX.length)];
    return key === ROLE_LABEL ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ""))].sort();
}

function addressOf(node: Node, type: string): string {
  const found = node.status?.addresses?.find((address) => address.type === type);
  return found?.address ?? "<none>";
}
