import { errors } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, Transport, WatchFrame } from "#client/transport";
import { type Clock, sleep } from "#kit/clock";
import type { Rng } from "#kit/rng";

/** How the way from controllers to the API server goes wrong. */
export interface Faults {
  /** The share of requests that something happens to, 0..1. */
  rate: number;
  /** Nothing gets through, and watches end at their next event. */
  isPartitioned: boolean;
}

export function noFaults(): Faults {
  return { rate: 0, isPartitioned: false };
}

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const MAX_DELAY_MS = 20_000;

/** Refuses some requests, delays some, loses some before they arrive or their answers, and sends some twice. */
export function faultyTransport(
  inner: Transport,
  faults: Faults,
  rng: Rng,
  clock: Clock,
): Transport {
  const send: Transport = async (request) => {
    if (faults.isPartitioned) throw new Error("the API server cannot be reached (simulated)");
    const response = await inner(request);
    return response.type === "watch"
      ? { ...response, events: cut(response.events, faults) }
      : response;
  };
  return async (request) => {
    if (rng.next() >= faults.rate) return send(request);
    if (rng.next() < 0.2) await sleep(clock, Math.round(rng.next() * MAX_DELAY_MS), request.signal);
    else if (!WRITES.has(request.method)) throw new Error("the connection was lost (simulated)");
    else return mangled(request, send, rng.next());
    return send(request);
  };
}

async function mangled(request: ApiRequest, send: Transport, chance: number): Promise<ApiResponse> {
  if (chance < 0.35) return refusal(request);
  if (chance < 0.6) throw new Error("the request was lost (simulated)");
  await send(request);
  // It arrives twice, and the second answer is what the sender sees.
  if (chance < 0.75 && !namesAnew(request)) return send(request);
  throw new Error("the answer was lost (simulated)");
}

/** A creation that leaves the name to the server makes two objects of two requests: no sender sends it again. */
function namesAnew({ body }: ApiRequest): boolean {
  const { metadata } = (body ?? {}) as { readonly metadata?: { readonly generateName?: string } };
  return metadata?.generateName !== undefined;
}

async function* cut(events: AsyncIterable<WatchFrame>, faults: Faults): AsyncGenerator<WatchFrame> {
  for await (const frame of events) {
    if (faults.isPartitioned) throw new Error("the watch was cut off (simulated)");
    yield frame;
  }
}

function refusal({ method }: ApiRequest): ApiResponse {
  const isUpdate = method === "PUT" || method === "PATCH";
  const { status } = isUpdate
    ? errors.modified({ group: "", plural: "objects" }, "simulated")
    : errors.unavailable("simulated overload");
  return { type: "json", status: status.code, value: status };
}
