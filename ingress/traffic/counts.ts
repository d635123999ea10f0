import type { NginxAdmin } from "#ingress/nginx/admin";

/** What nginx counted of one backend (ingress/lua/kaji/counts.lua). */
export interface BackendTraffic {
  /** "namespace/service:port" */
  readonly key: string;
  /** Counts begin anew when it changes. */
  readonly epoch: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly versions: readonly VersionCounts[];
}

export interface VersionCounts {
  readonly name: string;
  readonly errors: number;
  readonly latencyMs: number;
  /** Upgraded connections: their duration says nothing. */
  readonly upgraded: number;
  readonly buckets: readonly number[];
}

/** As counts.lua has them; one more bucket holds what took longer. */
export const LATENCY_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;

/**
 * All that is asked for in one call. `listen`: nginx tells at the next request of each (TrafficListener); asked with
 * the reading, so that no request falls between the two.
 */
export async function readTraffic(
  admin: NginxAdmin,
  workers: readonly number[],
  keys: readonly string[],
  listen = false,
): Promise<readonly BackendTraffic[]> {
  if (keys.length === 0) return [];
  const path = listen ? "/traffic?listen=1" : "/traffic";
  return parseTraffic(await admin.call("POST", path, [workers.join(" "), ...keys].join("\n")));
}

export function parseTraffic(text: string): readonly BackendTraffic[] {
  const found: (BackendTraffic & { versions: VersionCounts[] })[] = [];
  for (const line of text.split("\n").filter(Boolean)) {
    const [key = "", ...fields] = line.split("\t");
    if (key === "") {
      const [name = "", errors, latencyMs, upgraded, buckets = ""] = fields;
      found.at(-1)?.versions.push({
        ...{ name, errors: Number(errors), latencyMs: Number(latencyMs) },
        ...{ upgraded: Number(upgraded), buckets: buckets.split(",").map(Number) },
      });
      continue;
    }
    const [epoch = "", waiting, inFlight, requests] = fields;
    found.push({
      ...{ key, epoch, waiting: Number(waiting), inFlight: Number(inFlight) },
      ...{ requests: Number(requests), versions: [] },
    });
  }
  return found;
}
