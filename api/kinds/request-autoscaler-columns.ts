import type { TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";

/** What `kubectl get ra` shows. */
export const requestAutoscalerColumns: readonly TableColumn<RequestAutoscaler>[] = [
  {
    name: "Reference",
    type: "string",
    priority: 0,
    description: "What is scaled.",
    value: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
  },
  {
    name: "Requests",
    type: "string",
    priority: 0,
    description: "What was measured, over the window, and what a replica shall carry.",
    value: requestsOf,
  },
  {
    name: "MinReplicas",
    type: "integer",
    priority: 0,
    description: "Never fewer than these.",
    value: ({ spec }) => spec.minReplicas ?? 0,
  },
  {
    name: "MaxReplicas",
    type: "integer",
    priority: 0,
    description: "Never more than these.",
    value: ({ spec }) => spec.maxReplicas,
  },
  {
    name: "Replicas",
    type: "integer",
    priority: 0,
    description: "How many there are.",
    value: ({ status }) => status?.currentReplicas ?? 0,
  },
  ageColumn,
  {
    name: "Last-Request",
    type: "date",
    priority: 1,
    description: "When a request was last seen.",
    value: ({ status }) => status?.lastRequestTime ?? "<unknown>",
  },
];

function requestsOf({ spec, status }: RequestAutoscaler): string {
  const { metric = "Concurrency", value = 100, utilizationPercentage = 70 } = spec.target ?? {};
  const isRate = metric === "RequestsPerSecond";
  const seen = isRate ? status?.observedRequestsPerSecond : status?.observedConcurrency;
  const wanted = `${Math.round(value * utilizationPercentage) / 100}`;
  return `${seen ?? "<unknown>"}/${wanted}${isRate ? " per second" : " at once"}`;
}
