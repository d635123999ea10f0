/**
 * What an ingress tells the server of its requests. GET with watch=true: a line each time the server wants to know;
 * POST: the answer, what was counted since the answer before.
 */
export const TRAFFIC_PATH = "/kaji/v1/traffic";

export interface TrafficCounts {
  /** Which ingress it is: what one tells twice between two measurements was counted in both windows together. */
  readonly teller: string;
  /**
   * How many of its windows the server has answered: another with the same number begins where that one began, because
   * the answer was lost, and has all that it had. Absent: of an ingress that does not say it.
   */
  readonly told?: number;
  /** How long it was counted. */
  readonly windowMs: number;
  readonly routes: readonly RouteCounts[];
  readonly pods: readonly PodCounts[];
}

/** Of a host and path that lead to a Service, which is empty where it had no endpoint. All empty: what has none of its own. */
export interface RouteCounts {
  readonly host: string;
  readonly path: string;
  readonly namespace: string;
  readonly service: string;
  readonly ingress: string;
  readonly requests: number;
  /** 4xx. */
  readonly clientErrors: number;
  /** 5xx. */
  readonly serverErrors: number;
  /** Requests by duration: one count for each of DURATION_BOUNDS_MS, and one for what took longer. */
  readonly buckets: readonly number[];
}

export interface PodCounts {
  readonly namespace: string;
  readonly pod: string;
  readonly requests: number;
  /** 5xx. */
  readonly errors: number;
}

export const DURATION_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;

/** Of a longer path, for which an Ingress has no limit, the beginning is told, with all that begin so. */
export const MAX_TOLD_PATH = 512;
/** The busiest: the body of a request has a limit. */
export const MAX_TOLD_ROUTES = 2_000;
export const MAX_TOLD_PODS = 5_000;
