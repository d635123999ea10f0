import { SeriesTable } from "#control-plane/history/series";

/**
 * All that is kept. Units: cores, bytes, per second, milliseconds.
 * A pod costs about 2.5 kB, and as much again when requests reach it: 10,000 of them some 50 MB.
 */
export interface Tables {
  readonly cluster: SeriesTable;
  readonly nodes: SeriesTable;
  readonly pods: SeriesTable;
  readonly podRequests: SeriesTable;
  readonly requests: SeriesTable;
  /** Those that TrafficReports tell of. */
  readonly versions: SeriesTable;
  readonly server: SeriesTable;
}

export const MAX_NODES = 5_000;
export const MAX_PODS = 10_000;
/** Of hosts and paths, and of versions. */
export const MAX_ROUTES = 2_000;

const use = ["cpu", "memory"];
const latency = ["p50", "p99"];

export function createTables(): Tables {
  return {
    cluster: new SeriesTable({ fields: use, limit: 1 }),
    nodes: new SeriesTable({ fields: use, limit: MAX_NODES }),
    pods: new SeriesTable({ fields: use, limit: MAX_PODS }),
    podRequests: new SeriesTable({ fields: ["requests", "errors"], limit: MAX_PODS }),
    requests: new SeriesTable({
      fields: ["requests", "clientErrors", "serverErrors", ...latency],
      limit: MAX_ROUTES,
    }),
    versions: new SeriesTable({ fields: latency, limit: MAX_ROUTES }),
    server: new SeriesTable({ fields: [...use, "requests", "errors", ...latency], limit: 1 }),
  };
}

export function sweepAll(tables: Tables, nowMs: number): void {
  for (const table of Object.values(tables) as SeriesTable[]) table.sweep(nowMs);
}
