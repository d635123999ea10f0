import type { TrafficReport } from "#api/schema/own/traffic-report";

/** What the ingresses say of its requests; undefined where none counts them. */
export function trafficOf(reports: readonly TrafficReport[]): string | undefined {
  if (reports.length === 0) return undefined;
  const sum = (valueOf: (status: NonNullable<TrafficReport["status"]>) => number): number =>
    reports.reduce((total, { status }) => total + (status ? valueOf(status) : 0), 0);
  const requests = sum((status) => status.requests ?? 0);
  const waiting = sum((status) => status.waiting ?? 0);
  const inFlight = sum((status) => status.inFlight ?? 0);
  const errors = sum(({ versions = [] }) =>
    versions.reduce((total, one) => total + (one.errors ?? 0), 0),
  );
  const held = waiting > 0 ? `, ${waiting} held until a pod is ready` : "";
  return `${requests} requests since its ingress began to count (${errors} answered 5xx), ${inFlight} in flight${held}.`;
}
