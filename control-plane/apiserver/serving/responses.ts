import type { ApiResponse } from "#client/transport";
import { StatusError, errors } from "#api/machinery/status-error";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import { errorChain } from "#kit/log";

/** A JSON response whose bytes are made only when an HTTP client asks for them. */
export function jsonResponse(
  status: number,
  value: unknown,
  warnings: readonly string[] = [],
): ApiResponse {
  return { type: "json", status, value, ...(warnings.length > 0 ? { warnings } : {}) };
}

export function storedResponse(
  status: number,
  stored: Pick<StoredObject, "object" | "bytes">,
  warnings: readonly string[] = [],
): ApiResponse {
  const { object: value, bytes } = stored;
  return { type: "json", status, value, bytes, ...(warnings.length > 0 ? { warnings } : {}) };
}

/** A response whose bytes are assembled, when wanted, by `assemble`. */
export function lazyResponse(value: unknown, assemble: () => Uint8Array): ApiResponse {
  return {
    type: "json",
    status: 200,
    value,
    get bytes() {
      return assemble();
    },
  };
}

/** Any failure as a Status; what is not a StatusError is a fault of ours and logged by the caller. */
export function failureResponse(error: unknown): ApiResponse {
  const known = error instanceof StatusError ? error : errors.internal(errorChain(error));
  return jsonResponse(known.code, known.status);
}
