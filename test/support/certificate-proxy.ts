import { createSecureServer, type Http2SecureServer } from "node:http2";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { type Pem, selfSigned } from "#test/support/certificates";

/**
 * Shows a client certificate in the place of a browser, which has no way to be given one from outside: what goes
 * through it reaches the API server over connections that are the certificate's.
 */
export async function certificateProxy(
  server: URL,
  client: Pem,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const own = await selfSigned("localhost");
  const proxy = createSecureServer({ ...own, allowHTTP1: true }, (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).filter(([name]) => !name.startsWith(":"));
    const { hostname, port } = server;
    const forwarded = request(
      {
        ...{ hostname, port, ...client, rejectUnauthorized: false },
        ...{ path: incoming.url, method: incoming.method, headers: Object.fromEntries(headers) },
      },
      (answer) => {
        const {
          connection: _,
          "transfer-encoding": __,
          "keep-alive": ___,
          ...kept
        } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, kept);
        answer.pipe(outgoing as unknown as NodeJS.WritableStream);
      },
    );
    forwarded.on("error", () => outgoing.stream?.close());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  const sessions = closingSessions(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        sessions();
      }),
  };
}

/** A browser keeps its connection open. */
function closingSessions(proxy: Http2SecureServer): () => void {
  const open = new Set<{ destroy(): void }>();
  proxy.on("session", (session) => {
    open.add(session);
    session.on("close", () => open.delete(session));
  });
  return () => open.forEach((session) => session.destroy());
}
