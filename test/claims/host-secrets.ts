import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { ContainerConfig } from "#runtime/runtime";

/** Things of the host that no container may reach; attacks.c finds them by these variables. */
export interface HostSecrets {
  readonly file: string;
  readonly env: ContainerConfig["env"];
  close(): Promise<void>;
}

export async function hostSecrets(directory: string): Promise<HostSecrets> {
  const file = join(directory, "host-secret");
  writeFileSync(file, "secret of the host\n");
  const port = createServer().listen(0, "127.0.0.1");
  const socketName = `kaji-claim-${process.pid}`;
  const socket = createServer().listen({ path: `\0${socketName}` });
  await Promise.all([port, socket].map((server) => listening(server)));
  const address = port.address();
  const values = {
    HOST_FILE: file,
    HOST_PID: String(process.pid),
    HOST_PORT: String(typeof address === "object" ? address?.port : ""),
    HOST_SOCKET: socketName,
    HOST_DISK: diskNumbers(),
  };
  return {
    file,
    env: Object.entries(values).map(([name, value]) => ({ name, value })),
    close: async () => {
      for (const server of [port, socket]) {
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function listening(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.listening) return resolve();
    server.once("listening", resolve);
    server.once("error", reject);
  });
}

/** The disk under this directory or, when that is a network's or a union's, the kernel's first one. */
function diskNumbers(): string {
  const { dev } = statSync(".");
  const major = (dev >> 8) & 0xfff;
  if (major > 0) return `${major}:${dev & 0xff}`;
  const names = readFileSync("/proc/partitions", "utf8").split("\n").slice(2);
  const [first, second] = (names[0] ?? "254 0").trim().split(/\s+/);
  return `${first}:${second}`;
}
