import { createServer } from "node:http";
import type { Registry } from "prom-client";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { renderMetrics } from "#ingress/metrics/exposition";
import { renderColdStarts } from "#ingress/wake/cold-starts";
import { EXPOSITION, renderMetrics as renderRegistries } from "#kit/metrics";
import { errorChain, type Log } from "#kit/log";

/** Serves `/metrics` on loopback: no host of a user leads here. Off without a port. */
export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

const ADDRESS = "127.0.0.1";

export async function startMetrics(
  port: number,
  admin: Pick<NginxAdmin, "call">,
  log: Log,
  own: readonly Registry[] = [],
): Promise<MetricsServer> {
  const server = createServer((incoming, response) => {
    if (incoming.method !== "GET" || incoming.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404).end("there is only GET /metrics here\n");
      return;
    }
    Promise.all([
      admin.call("GET", "/metrics"),
      admin.call("GET", "/cold-starts"),
      renderRegistries(own),
    ])
      .then(([counts, coldStarts, ofProcess]) => {
        const text = renderMetrics(counts) + renderColdStarts(coldStarts) + ofProcess;
        response.setHeader("content-type", EXPOSITION).end(text);
      })
      .catch((error: unknown) => {
        log.warn("nginx did not say its counts", { error: errorChain(error) });
        response.writeHead(503).end("nginx does not answer\n");
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const sentence = `cannot serve metrics on ${ADDRESS}:${port}: give --metrics-port another port`;
      reject(new Error(sentence, { cause }));
    });
    server.listen(port, ADDRESS, resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
