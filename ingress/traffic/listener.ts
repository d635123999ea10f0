import { rmSync } from "node:fs";
import { createServer, type Server } from "node:net";

/**
 * Hears from nginx that a backend has a request which this process asked to be told of (traffic.tell in
 * ingress/lua/kaji/traffic.lua): a line with the backend's key. What is said while nobody listens is not lost: the
 * counts say it, and they are read at the start.
 */
const MAX_LINE_BYTES = 1024;
const SILENT_LINE_MS = 2_000;

export async function listenForTraffic(
  socketPath: string,
  onKey: (key: string) => void,
  signal: AbortSignal,
): Promise<void> {
  rmSync(socketPath, { force: true });
  const server: Server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.setTimeout(SILENT_LINE_MS, () => socket.destroy());
    // A worker that was killed in the middle of its line: its request is gone as well.
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) onKey(text.slice(0, end));
      if (end >= 0 || text.length > MAX_LINE_BYTES) socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  signal.addEventListener("abort", () => server.close(), { once: true });
}
