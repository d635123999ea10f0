/**
 * What the server kept of the last hours: GET /kaji/v1/history. With watch=true an answer is one line, and a line of
 * the same shape follows whenever something was measured: what it has replaces what was there.
 */
export const HISTORY_PATH = "/kaji/v1/history";

export interface HistoryAnswer {
  /** Seconds since the epoch. */
  readonly start: number;
  readonly stepSeconds: number;
  readonly slots: number;
  readonly series: readonly HistorySeries[];
  /** Series that are not answered, because there are too many. */
  readonly left: number;
}

export interface HistorySeries {
  readonly labels: Readonly<Record<string, string>>;
  /** By field: a value for each slot from `start`, null where nothing was measured. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Cores, bytes, per second and milliseconds. */
export const historySorts = {
  cluster: ["cpu", "memory"],
  nodes: ["cpu", "memory"],
  pods: ["cpu", "memory", "requests", "errors"],
  versions: ["cpu", "memory", "requests", "errors", "p50", "p99"],
  requests: ["requests", "clientErrors", "serverErrors", "p50", "p99"],
  server: ["cpu", "memory", "requests", "errors", "p50", "p99"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type HistorySort = keyof typeof historySorts;
