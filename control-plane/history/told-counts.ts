import {
  DURATION_BOUNDS_MS,
  MAX_TOLD_PODS,
  MAX_TOLD_ROUTES,
  type PodCounts,
  type RouteCounts,
  type TrafficCounts,
} from "#api/history/traffic-counts";
import { errors } from "#api/machinery/status-error";

/** A host and a path that a user may give. */
const MAX_TEXT = 2_048;

/** The body of POST /kaji/v1/traffic. Throws 400: what an ingress tells is believed only in its form. */
export function countsOf(body: unknown): TrafficCounts {
  const { teller, told, windowMs, routes, pods } = objectOf(parsed(body));
  return {
    teller: textOf(teller, "teller"),
    ...(told === undefined ? {} : { told: countOf(told, "told") }),
    windowMs: countOf(windowMs, "windowMs"),
    routes: listOf(routes, "routes", MAX_TOLD_ROUTES).map(routeOf),
    pods: listOf(pods, "pods", MAX_TOLD_PODS).map(podOf),
  };
}

function routeOf(value: unknown): RouteCounts {
  const given = objectOf(value);
  const text = (name: string): string => textOf(given[name], name);
  const count = (name: string): number => countOf(given[name], name);
  const most = DURATION_BOUNDS_MS.length + 1;
  return {
    ...{ host: text("host"), path: text("path"), namespace: text("namespace") },
    ...{ service: text("service"), ingress: text("ingress"), requests: count("requests") },
    ...{ clientErrors: count("clientErrors"), serverErrors: count("serverErrors") },
    buckets: listOf(given.buckets, "buckets", most).map((one) => countOf(one, "buckets")),
  };
}

function podOf(value: unknown): PodCounts {
  const { namespace, pod, requests, errors: failed } = objectOf(value);
  return {
    namespace: textOf(namespace, "namespace"),
    pod: textOf(pod, "pod"),
    requests: countOf(requests, "requests"),
    errors: countOf(failed, "errors"),
  };
}

function parsed(body: unknown): unknown {
  if (!(body instanceof Uint8Array)) return body;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    throw errors.badRequest("the body is not valid JSON: send what was counted");
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw errors.badRequest("what was counted is an object with teller, windowMs, routes and pods");
}

function listOf(value: unknown, name: string, limit: number): readonly unknown[] {
  if (Array.isArray(value) && value.length <= limit) return value;
  throw errors.badRequest(`${name} is a list of at most ${limit}`);
}

function countOf(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw errors.badRequest(`${name} is a number that is not negative`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === "string" && value.length <= MAX_TEXT) return value;
  throw errors.badRequest(`${name} is a text of at most ${MAX_TEXT} characters`);
}
