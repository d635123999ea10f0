import { StatusError } from "#api/machinery/status-error";
import type { Status } from "#api/schema/types";

const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The error that a failed response stands for: its Status, or one made from the code and the text. */
export function statusErrorFrom(response: {
  readonly status: number;
  readonly value?: unknown;
  readonly bytes?: Uint8Array;
}): StatusError {
  const { value, bytes } = response;
  if (isStatus(value)) {
    const code = value.code ?? response.status;
    return new StatusError(
      code,
      value.reason ?? reasonOf(code),
      value.message ?? `the server answered ${code}`,
      value.details,
    );
  }
  const text = bytes ? Buffer.from(bytes).toString().slice(0, 1024).trim() : "";
  const message = text || `the server answered ${response.status}`;
  return new StatusError(response.status, reasonOf(response.status), message);
}

function isStatus(value: unknown): value is Status {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
}

function reasonOf(code: number): string {
  return REASONS[code] ?? "Unknown";
}
