import { errors } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, Transport } from "#client/transport";
import type { Rng } from "#kit/rng";

/** How the way from controllers to the API server goes wrong; `rate` 0: it does not. */
export interface Faults {
  rate: number;
}

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Refuses some requests, loses some before they arrive, and loses the answers of others. */
export function faultyTransport(inner: Transport, faults: Faults, rng: Rng): Transport {
  return async (request) => {
    if (rng.next() >= faults.rate) return inner(request);
    if (!WRITES.has(request.method)) throw new Error("the connection was lost (simulated)");
    const chance = rng.next();
    if (chance < 0.4) return refusal(request);
    if (chance < 0.7) throw new Error("the request was lost (simulated)");
    await inner(request);
    throw new Error("the answer was lost (simulated)");
  };
}

function refusal({ method }: ApiRequest): ApiResponse {
  const isUpdate = method === "PUT" || method === "PATCH";
  const { status } = isUpdate
    ? errors.modified({ group: "", plural: "objects" }, "simulated")
    : errors.unavailable("simulated overload");
  return { type: "json", status: status.code, value: status };
}
