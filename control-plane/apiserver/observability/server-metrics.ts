import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ApiResponse } from "#client/transport";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import { EXPOSITION, renderMetrics } from "#kit/metrics";

/** What the API server says of its requests and of what it stores, by Kubernetes' names. */
export interface ServerMetrics {
  observe(verb: string, resource: string, code: number, seconds: number): void;
  /** A request runs; the function that is given ends it. */
  began(isWrite: boolean): () => void;
  authenticated(result: "success" | "failure"): void;
  readonly registry: Registry;
}

/** `caches` is asked whenever the numbers are read. Labels are names that this server gives, never a client's. */
export function createServerMetrics(caches: () => Iterable<WatchCache>): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "apiserver_request_total",
    help: "Requests by verb, resource and HTTP code.",
    labelNames: ["verb", "resource", "code"],
    registers,
  });
  const durations = new Histogram({
    name: "apiserver_request_duration_seconds",
    help: "Time to answer in seconds, without watches.",
    labelNames: ["verb", "resource"],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  const authentications = new Counter({
    name: "authentication_attempts",
    help: "Requests over the network, by whether they said credibly who asks.",
    labelNames: ["result"],
    registers,
  });
  const running = { mutating: 0, readOnly: 0 };
  void new Gauge({
    name: "apiserver_current_inflight_requests",
    help: "Requests that are being answered now, without watches and streams.",
    labelNames: ["request_kind"],
    registers,
    collect() {
      for (const [kind, count] of Object.entries(running)) this.set({ request_kind: kind }, count);
    },
  });
  registerCaches(registers, caches);
  return {
    registry,
    observe(verb, resource, code, seconds) {
      requests.inc({ verb, resource, code: String(code) });
      if (verb !== "watch") durations.observe({ verb, resource }, seconds);
    },
    began(isWrite) {
      const kind = isWrite ? "mutating" : "readOnly";
      running[kind]++;
      return () => void running[kind]--;
    },
    authenticated: (result) => authentications.inc({ result }),
  };
}

function registerCaches(registers: Registry[], caches: () => Iterable<WatchCache>): void {
  const gauge = (name: string, help: string, read: (cache: WatchCache) => number): void => {
    void new Gauge({
      ...{ name, help, labelNames: ["resource"], registers },
      collect() {
        for (const cache of caches()) this.set({ resource: resourceOf(cache) }, read(cache));
      },
    });
  };
  gauge("apiserver_storage_objects", "Objects that are stored.", ({ size }) => size);
  gauge("apiserver_registered_watchers", "Watches that are open.", ({ watchers }) => watchers);
}

/** "deployments.apps" */
function resourceOf({ kind: { group, plural } }: WatchCache): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export async function metricsResponse(registries: readonly Registry[]): Promise<ApiResponse> {
  const bytes = Buffer.from(await renderMetrics(registries));
  return { type: "bytes", status: 200, contentType: EXPOSITION, bytes };
}
