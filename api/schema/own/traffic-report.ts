import { type ObjectOf, ownKind } from "#api/schema/own/kind-shape";
import { decimal, integer, listOf, long, record, text, time } from "#api/schema/own/shape";

/**
 * What one ingress measured of one Service. Written only while somebody asks: a canary under way, or a
 * RequestAutoscaler.
 */
const version = record(
  "VersionTraffic",
  "Counts of one version (ReplicaSet), since the epoch began.",
  { name: text("The ReplicaSet's name; empty for endpoints without one.") },
  {
    requests: long("Answered requests."),
    errors: long("Those answered with 5xx."),
    latencyMs: long("The sum of their durations in milliseconds."),
    latencyBuckets: listOf(
      long("A count."),
      "Requests by duration: one count for each of the bounds, and one for those beyond the last.",
    ),
  },
);
const spec = record(
  "TrafficReportSpec",
  "Who reports of what.",
  { service: text("The Service, of the same namespace."), ingress: text("The ingress's name.") },
  {},
);
const status = record(
  "TrafficReportStatus",
  "What was measured.",
  {},
  {
    epoch: text("Counts begin anew when this changes."),
    observedTime: time("When it was measured."),
    inFlight: integer("Requests that endpoints are answering."),
    waiting: integer("Requests that are held until an endpoint is ready."),
    concurrency: decimal("The mean of both over the last windowMs."),
    windowMs: integer("How long ago the last report was, in milliseconds."),
    confirmed: text("The question of a RequestAutoscaler (status.question) that this answers."),
    requests: long(
      "Requests since the epoch began, whatever their version, health checks not counted.",
    ),
    lastRequestTime: time("When the last request began or ended."),
    latencyBoundsMs: listOf(integer("A bound."), "Upper bounds of the buckets, ascending."),
    versions: listOf(version, "By version.", ["name"]),
  },
);

export const trafficReportSchema = ownKind(
  "TrafficReport",
  "TrafficReport is what one ingress measured of one Service.",
  spec,
  status,
);
export type TrafficReport = ObjectOf<typeof trafficReportSchema>;
export type VersionTraffic = NonNullable<NonNullable<TrafficReport["status"]>["versions"]>[number];
