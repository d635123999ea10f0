import { accessSync, constants, existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { TestContext } from "vitest";

/** What a test needs of the host. A lack skips the test, loudly, with the reason. */
export function requireHost(
  context: TestContext,
  needs: { root?: boolean; programs?: readonly string[]; files?: readonly string[] },
): void {
  const lacks: string[] = [];
  if (needs.root && process.getuid?.() !== 0) lacks.push("root");
  for (const program of needs.programs ?? [])
    if (!findProgram(program)) lacks.push(`the program ${program}`);
  for (const file of needs.files ?? []) if (!existsSync(file)) lacks.push(`the file ${file}`);
  if (lacks.length === 0) return;
  const reason = `this host has no ${lacks.join(", no ")}`;
  console.warn(`SKIPPED ${context.task.name}: ${reason}`);
  context.skip(reason);
}

export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.map((folder) => `${folder}/${name}`).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run by us.
    return false;
  }
}

/** Below what Linux gives to outgoing connections and what Kubernetes gives to NodePorts. */
const FIRST_PORT = 12_000;
const PORTS = 18_000;

/**
 * Ports of loopback that nobody listens on right now. The kernel gives none of them to an outgoing connection, which
 * would keep a server that was killed from listening there again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer();
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const isFree = await new Promise<boolean>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? resolve(false) : reject(error),
      );
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (isFree) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A machine that runs many test files at once takes half a minute for what takes it two seconds at rest. */
const PATIENCE_MS = 45_000;

/** Waits until the question is answered with something; fails with the sentence when the time is over. */
export async function eventually<T>(
  sentence: string,
  question: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
