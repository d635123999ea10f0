import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";

/** Debian's docker-registry and skopeo, and a proxy that misbehaves on purpose. */
export const hasRegistry = existsSync("/usr/bin/docker-registry");
export const hasSkopeo = existsSync("/usr/bin/skopeo");

export interface RunningRegistry {
  /** "localhost:41234" */
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startRegistry(
  directory: string,
  htpasswd?: string,
): Promise<RunningRegistry> {
  const port = await freePort();
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "config.yml");
  const passwords = join(directory, "htpasswd");
  if (htpasswd) writeFileSync(passwords, htpasswd);
  writeFileSync(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(directory, "data")} }, delete: { enabled: true } }
http: { addr: "127.0.0.1:${port}" }
${htpasswd ? `auth: { htpasswd: { realm: test, path: ${passwords} } }` : ""}
`,
  );
  const child = spawn("/usr/bin/docker-registry", ["serve", config], { stdio: "ignore" });
  await answers(port, child);
  return { host: `localhost:${port}`, port, stop: () => stopped(child) };
}

/** What the proxy does to a request; undefined: nothing special. */
export type Misbehaviour = (
  incoming: IncomingMessage,
  response: ServerResponse,
) =>
  | "handled"
  | {
      /** Then the connection breaks. */
      readonly cutAfterBytes?: number;
      /** Then nothing more comes. */
      readonly stallAfterBytes?: number;
      readonly corrupts?: boolean;
    }
  | undefined;

export async function startProxy(
  target: number,
  misbehave: Misbehaviour,
): Promise<{ host: string; port: number; requests: string[]; stop(): Promise<void> }> {
  const requests: string[] = [];
  const server = createServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url} ${incoming.headers.range ?? ""}`.trim());
    const how = misbehave(incoming, response);
    if (how === "handled") return;
    const headers = { ...incoming.headers };
    delete headers.authorization;
    const outgoing = request(
      { host: "127.0.0.1", port: target, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        let sent = 0;
        answer.on("data", (chunk: Buffer) => {
          const bytes = how?.corrupts ? chunk.map((byte) => byte ^ 0xff) : chunk;
          sent += bytes.length;
          if (how?.cutAfterBytes !== undefined && sent > how.cutAfterBytes) {
            response.write(bytes.subarray(0, how.cutAfterBytes - sent + bytes.length), () =>
              response.destroy(),
            );
            answer.destroy();
          } else if (how?.stallAfterBytes !== undefined && sent > how.stallAfterBytes) {
            answer.pause();
          } else response.write(bytes);
        });
        answer.on("end", () => response.end());
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  const port = await listening(server);
  return { host: `localhost:${port}`, port, requests, stop: () => closed(server) };
}

export function skopeo(...args: readonly string[]): string {
  return execFileSync("skopeo", ["--insecure-policy", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

function freePort(): Promise<number> {
  const server = createTcpServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const START_DEADLINE_MS = 10_000;

async function answers(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const status = await fetch(`http://127.0.0.1:${port}/v2/`).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`docker-registry did not answer on port ${port}`);
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
