import type { TableColumn } from "#api/machinery/define-kind";
import { ageColumn, humanDuration } from "#api/machinery/table";
import { summarizePod } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";

/** Name, what `kubectl get pods` prints, and (priority 1) what -o wide adds. */
export const podColumns: readonly TableColumn<Pod>[] = [
  {
    name: "Ready",
    type: "string",
    priority: 0,
    description: "Containers that are ready, of all that run at the same time.",
    value: (pod) => {
      const { readyContainers, totalContainers } = summarizePod(pod);
      return `${readyContainers}/${totalContainers}`;
    },
  },
  {
    name: "Status",
    type: "string",
    priority: 0,
    description: "The phase, or the reason that says more than the phase.",
    value: (pod) => summarizePod(pod).status,
  },
  {
    name: "Restarts",
    type: "string",
    priority: 0,
    description: "How often containers were started again, and when this happened last.",
    value: (pod, nowMs) => {
      const { restarts, lastRestartMs } = summarizePod(pod);
      return lastRestartMs === undefined
        ? String(restarts)
        : `${restarts} (${humanDuration(nowMs - lastRestartMs)} ago)`;
    },
  },
  ageColumn,
  {
    name: "IP",
    type: "string",
    priority: 1,
    description: "The pod's address on the pod network.",
    value: (pod) => pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || "<none>",
  },
  {
    name: "Node",
    type: "string",
    priority: 1,
    description: "The node that the pod is bound to.",
    value: (pod) => pod.spec.nodeName || "<none>",
  },
  {
    name: "Nominated Node",
    type: "string",
    priority: 1,
    description: "The node that is being freed for the pod by preemption.",
    value: (pod) => pod.status?.nominatedNodeName || "<none>",
  },
  {
    name: "Readiness Gates",
    type: "string",
    priority: 1,
    description: "Readiness gates whose condition is true, of all.",
    value: readinessGates,
  },
];

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const conditions = pod.status?.conditions ?? [];
  const isTrue = (type: string) =>
    conditions.some((condition) => condition.type === type && condition.status === "True");
  return `${gates.filter((gate) => isTrue(gate.conditionType)).length}/${gates.length}`;
}
