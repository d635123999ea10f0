import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errors, StatusError } from "#api/machinery/status-error";

/** Answers an upgrade request with a Status instead, and closes. */
export function refuseUpgrade(socket: Duplex, error: unknown, headers: string[] = []): void {
  if (!socket.writable) return;
  const { status } =
    error instanceof StatusError
      ? error
      : errors.internal(error instanceof Error ? error.message : String(error));
  const body = Buffer.from(JSON.stringify(status));
  const head = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? "Error"}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: close",
    ...headers,
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
}
