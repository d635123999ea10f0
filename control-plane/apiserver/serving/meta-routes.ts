import { Counter, Histogram, Registry } from "prom-client";
import type { ApiResponse } from "#client/transport";
import { registerProcessMetrics } from "#control-plane/apiserver/serving/process-metrics";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";

/** Kubernetes' API that this server speaks; clients decide by it what they may ask for. */
export const VERSION = {
  major: "1",
  minor: "34",
  emulationMajor: "1",
  emulationMinor: "34",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "33",
  gitVersion: "v1.34.0+kaji",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: `node ${process.version}`,
  compiler: "typescript",
  platform: `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
} as const;

const HEALTH_PATHS = ["/healthz", "/livez", "/readyz"];

export function isHealthPath(path: string): boolean {
  return HEALTH_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

export function health(isReady: boolean, path: string, query: URLSearchParams): ApiResponse {
  const check = path.split("/")[1] ?? "";
  const state = isReady ? "ok" : "not ready: the first list from the store is not in yet";
  const text = query.has("verbose")
    ? `[${isReady ? "+" : "-"}]store ${state}\n${check} check ${isReady ? "passed" : "failed"}\n`
    : state;
  return textResponse(isReady ? 200 : 500, text);
}

export function version(): ApiResponse {
  return jsonResponse(200, VERSION);
}

export interface ServerMetrics {
  observe(verb: string, resource: string, code: number, seconds: number): void;
  render(): Promise<ApiResponse>;
}

/** The server's own numbers in Prometheus' text form, by Kubernetes' names; then those of `others`, rendered. */
export function createServerMetrics(others?: () => Promise<string>): ServerMetrics {
  const registry = new Registry();
  registerProcessMetrics(registry);
  const requests = new Counter({
    name: "apiserver_request_total",
    help: "Requests by verb, resource and HTTP code.",
    labelNames: ["verb", "resource", "code"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "apiserver_request_duration_seconds",
    help: "Time to answer in seconds, without watches.",
    labelNames: ["verb", "resource"],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
    registers: [registry],
  });
  return {
    observe(verb, resource, code, seconds) {
      requests.inc({ verb, resource, code: String(code) });
      if (verb !== "watch") durations.observe({ verb, resource }, seconds);
    },
    async render() {
      const texts = [await registry.metrics(), await others?.()];
      return textResponse(200, texts.filter(Boolean).join("\n"), registry.contentType);
    },
  };
}

export function textResponse(
  status: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): ApiResponse {
  return { type: "bytes", status, contentType, bytes: Buffer.from(text) };
}
