import { accessSync, constants, existsSync } from "node:fs";
import { createServer } from "node:net";
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

/** Ports of loopback that nobody listens on right now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits until the question is answered with something; fails with the sentence when the time is over. */
export async function eventually<T>(
  sentence: string,
  question: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
