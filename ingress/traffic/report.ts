import { trafficReportKind } from "#api/kinds/traffic-report";
import type { TrafficReport, VersionTraffic } from "#api/schema/own/traffic-report";
import type { Service } from "#api/schema/types";
import {
  type BackendTraffic,
  LATENCY_BOUNDS_MS,
  type VersionCounts,
} from "#ingress/traffic/counts";

export type ReportStatus = NonNullable<TrafficReport["status"]>;

/** Marks the reports of one ingress. */
export const INGRESS_LABEL = "kaji.dev/ingress";

/** What all ports of a Service carried together. */
export interface Carried {
  readonly epoch: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly versions: readonly VersionTraffic[];
}

export function carriedBy(backends: readonly BackendTraffic[]): Carried {
  const sum = (valueOf: (one: BackendTraffic) => number): number =>
    backends.reduce((total, one) => total + valueOf(one), 0);
  const versions = new Map<string, VersionTraffic>();
  for (const { versions: some } of backends)
    for (const one of some) versions.set(one.name, plus(versions.get(one.name), one));
  return {
    // A port more or less is a new beginning too.
    epoch: backends.map(({ epoch }) => epoch).join("+"),
    waiting: sum(({ waiting }) => waiting),
    inFlight: sum(({ inFlight }) => inFlight),
    requests: sum(({ requests }) => requests),
    versions: [...versions.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function plus(known: VersionTraffic | undefined, counts: VersionCounts): VersionTraffic {
  const { name, errors, latencyMs, upgraded, buckets } = counts;
  const answered = upgraded + buckets.reduce((total, count) => total + count, 0);
  return {
    name,
    requests: (known?.requests ?? 0) + answered,
    errors: (known?.errors ?? 0) + errors,
    latencyMs: (known?.latencyMs ?? 0) + latencyMs,
    latencyBuckets: buckets.map((count, i) => (known?.latencyBuckets?.[i] ?? 0) + count),
  };
}

export function newReport(service: Service, ingress: string): TrafficReport {
  const { namespace = "", name, uid = "" } = service.metadata;
  const owner = { apiVersion: "v1", kind: "Service", name, uid };
  return {
    apiVersion: `${trafficReportKind.group}/${trafficReportKind.version}`,
    kind: trafficReportKind.kind,
    metadata: {
      name: reportName(name, ingress),
      namespace,
      labels: { [INGRESS_LABEL]: ingress },
      ownerReferences: [owner],
    },
    spec: { service: name, ingress },
  };
}

export function reportName(service: string, ingress: string): string {
  return `${service}.${ingress}`;
}

/** `concurrency`: the mean of requests in flight and waiting over the last `windowMs`. */
export function statusOf(
  carried: Carried,
  told: Pick<ReportStatus, "observedTime" | "lastRequestTime" | "confirmed"> & {
    readonly concurrency: number;
    readonly windowMs: number;
  },
): ReportStatus {
  const { epoch, waiting, inFlight, requests, versions } = carried;
  return {
    ...told,
    concurrency: Math.round(told.concurrency * 1000) / 1000,
    windowMs: Math.round(told.windowMs),
    ...{ epoch, inFlight, waiting, requests },
    latencyBoundsMs: [...LATENCY_BOUNDS_MS],
    versions: [...versions],
  };
}
