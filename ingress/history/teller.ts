import { randomUUID } from "node:crypto";
import { TRAFFIC_PATH } from "#api/history/traffic-counts";
import { StatusError } from "#api/machinery/status-error";
import { statusErrorFrom } from "#client/status-response";
import type { ApiRequest, ApiResponse, Transport } from "#client/transport";
import { Counted, readingOf } from "#ingress/history/counted";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/**
 * Tells one server what nginx counted, whenever the server asks: rarely while nobody looks there. Each of several
 * servers keeps a history of its own and is told by itself.
 */
export interface TellerOptions {
  readonly transport: Transport;
  readonly admin: Pick<NginxAdmin, "call">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const RETRY = { initialMs: 500, factor: 2, maxMs: 60_000, jitter: 0 };

/** Ends with the signal. What was counted while the server was away is told when it is back. */
export async function tellHistory(options: TellerOptions): Promise<void> {
  const { clock, log, signal } = options;
  const asking = { ...options, teller: randomUUID(), counted: new Counted() };
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      for await (const _ of await questions(options)) {
        await tell(asking);
        attempt = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      const fields = { error: errorChain(error) };
      // A server that stops is nothing to worry about; one that refuses is.
      if (error instanceof StatusError) log.warn("a server keeps no history of requests", fields);
      else log.debug("the server's questions for its history ended", fields);
    }
    await sleep(clock, backoffDelayMs(RETRY, attempt), signal);
  }
}

async function questions(options: TellerOptions): Promise<AsyncIterable<unknown>> {
  const query = new URLSearchParams({ watch: "true" });
  const response = await send(options, { method: "GET", query });
  if (response.type !== "watch") throw statusErrorFrom(response);
  return response.events;
}

async function tell(
  options: TellerOptions & { readonly teller: string; readonly counted: Counted },
): Promise<void> {
  const { teller, counted } = options;
  const text = await options.admin.call("GET", "/metrics");
  const reading = readingOf(text, options.clock.now());
  const counts = counted.since(reading);
  if (counts) {
    const body = { teller, ...counts };
    const query = new URLSearchParams();
    const response = await send(options, {
      ...{ method: "POST", query, body, contentType: "application/json" },
    });
    if (response.status !== 200) throw statusErrorFrom(response);
  }
  counted.markTold(reading);
}

function send(
  { transport, signal }: TellerOptions,
  request: Pick<ApiRequest, "method" | "query"> & Partial<ApiRequest>,
): Promise<ApiResponse> {
  return transport({ ...request, path: TRAFFIC_PATH, accept: "application/json", signal });
}
