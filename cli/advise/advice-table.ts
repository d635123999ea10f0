import { RESOURCES } from "#api/advice/recommend";
import type { ContainerAdvice } from "#cli/advise/workloads";
import { formatTable } from "#cli/table";

/** Requests beside what would be right. */
export function adviceTable(all: readonly ContainerAdvice[]): string {
  const header = [
    "workload",
    "container",
    "samples",
    "cpu",
    "advised",
    "memory",
    "advised",
    "verdict",
  ];
  return formatTable(header, all.map(rowOf));
}

function rowOf({ workload, container, advice, change }: ContainerAdvice): string[] {
  const amounts = RESOURCES.flatMap(({ resource, field, format }) => [
    container.resources?.requests?.[resource] ?? "none",
    advice ? format(advice.target[field]) : "-",
  ]);
  const name = `${workload.kind.toLowerCase()}/${workload.metadata.name}`;
  return [
    name,
    container.name,
    String(advice?.samples ?? 0),
    ...amounts,
    verdictOf(advice, change),
  ];
}

function verdictOf(advice: ContainerAdvice["advice"], change: ContainerAdvice["change"]): string {
  if (!advice) return "not measured";
  if (!change) return "fine";
  return `change ${Object.keys(change.requests).join(" and ")}`;
}
