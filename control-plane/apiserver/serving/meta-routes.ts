import type { ApiResponse } from "#client/transport";
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

export function textResponse(
  status: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): ApiResponse {
  return { type: "bytes", status, contentType, bytes: Buffer.from(text) };
}
