import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Container, HTTPGetAction } from "#api/schema/types";
import { dialError, portOf } from "#node-agent/probes/probe";

export type HttpAnswer =
  | { readonly statusCode: number; readonly error?: undefined }
  | { readonly error: string };

export interface HttpGetTarget {
  readonly ip: string;
  readonly container: Container;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One GET of a probe or hook: a fresh connection, any certificate, the body thrown away. */
export function httpGet(action: HTTPGetAction, target: HttpGetTarget): Promise<HttpAnswer> {
  const port = portOf(target.container, action.port);
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  const host = action.host ?? target.ip;
  const path = action.path?.startsWith("/") ? action.path : `/${action.path ?? ""}`;
  const url = `${scheme}://${host}:${port}${path}`;
  const headers: Record<string, string> = { "User-Agent": "kube-probe/1.34", Accept: "*/*" };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  const options = { headers, agent: false, signal: target.signal, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const request = (scheme === "https" ? requestHttps : requestHttp)(url, options);
    const timer = setTimeout(() => {
      resolve({ error: `Get "${url}": context deadline exceeded` });
      request.destroy();
    }, target.timeoutMs);
    request.once("response", (response) => {
      clearTimeout(timer);
      response.destroy();
      resolve({ statusCode: response.statusCode ?? 0 });
    });
    request.on("error", (error) => {
      clearTimeout(timer);
      resolve({ error: `Get "${url}": ${dialError(error, `${host}:${port}`)}` });
    });
    request.end();
  });
}
