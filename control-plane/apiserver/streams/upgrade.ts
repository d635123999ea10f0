import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { errors } from "#api/machinery/status-error";

const versionHeader = "x-stream-protocol-version";

/** "websocket" or "spdy"; throws for anything else. */
export function transportOf(req: IncomingMessage): "websocket" | "spdy" {
  const upgrade = req.headers.upgrade?.toLowerCase();
  if (upgrade === "websocket") return "websocket";
  if (upgrade === "spdy/3.1") return "spdy";
  throw errors.badRequest("Upgrade request required");
}

/** The first protocol of the client's that is spoken here; it offers the best first. */
export function negotiate(req: IncomingMessage, spoken: readonly string[]): string {
  const header = req.headers[versionHeader] ?? [];
  const offered = [header]
    .flat()
    .flatMap((value) => value.split(","))
    .map((it) => it.trim())
    .filter(Boolean);
  const [fallback = ""] = spoken.slice(-1);
  if (offered.length === 0) return fallback;
  const chosen = offered.find((it) => spoken.includes(it));
  if (chosen) return chosen;
  throw errors.badRequest(
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(" ")}], server accepts [${spoken.join(" ")}]`,
  );
}

/** Answers 101; from then on the socket speaks SPDY. */
export function acceptSpdy(socket: Duplex, head: Buffer, protocol: string): void {
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Connection: Upgrade",
      "Upgrade: SPDY/3.1",
      `X-Stream-Protocol-Version: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
  if (head.length > 0) socket.unshift(head);
}
