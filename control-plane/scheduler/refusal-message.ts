/** "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu." as Kubernetes words it. */
export function refusalMessage(total: number, reasons: ReadonlyMap<string, number>): string {
  if (total === 0) return "no nodes available to schedule pods";
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${total} nodes are available: ${counted.join(", ")}.`;
}
