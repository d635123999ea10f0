import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { type Locations, locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { podDirectoriesOf } from "#node-agent/agent";
import { startAgent } from "#node-agent/main";
import { removeMemoryRoot } from "#node-agent/volumes/memory-root";
import { type EtcdOptions, startEtcd, type TestEtcd } from "#test/support/etcd";
import { eventually, freePorts } from "#test/support/host";
import { createMemoryNetwork } from "#test/support/memory-network";
import { createMemoryRuntime, type MemoryRuntime } from "#test/support/memory-runtime";

/**
 * Several control planes, each a process of its own, on one real etcd; and agents in the test's own process, with
 * containers in memory. Everything listens on loopback.
 */
export interface ServerFleet {
  readonly etcd: TestEtcd;
  readonly servers: readonly TestServer[];
  /** By the number of a server that lives. Joins by the first, or the one given. */
  startNode(name: string, server?: TestServer): Promise<TestNode>;
  close(): Promise<void>;
}

export interface TestServer {
  readonly name: string;
  readonly locations: Locations;
  readonly kubeconfig: string;
  readonly url: string;
  readonly gateway: string;
  /** What it says. */
  readonly logFile: string;
  readonly client: Client;
  /** Resolves when it serves. */
  start(): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** kill -9 */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestNode {
  readonly name: string;
  readonly runtime: MemoryRuntime;
  readonly locations: Locations;
  /** The agent alone: pods go on. It is told nothing but what it has on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly servers?: number;
  readonly etcd?: EtcdOptions;
  /** The program and its first arguments: a bundle that the test has built. */
  readonly command: readonly [string, ...string[]];
  readonly flags?: readonly string[];
}

/** Images that every node of the test has. */
export const FLEET_IMAGE = "web:1";
const READY_TIMEOUT_MS = 60_000;

export async function startServers(options: FleetOptions): Promise<ServerFleet> {
  const root = mkdtempSync(join(tmpdir(), "kaji-servers-"));
  const etcd = await startEtcd(options.etcd ?? { members: 3 });
  const count = options.servers ?? 3;
  const ports = await freePorts(count * 2);
  const nodes: TestNode[] = [];
  let token: string | undefined;
  const servers = Array.from({ length: count }, (_, index) => {
    const [apiPort = 0, gatewayPort = 0] = ports.slice(2 * index);
    const settings = { name: `server-${index + 1}`, root, apiPort, gatewayPort };
    return testServer(
      settings,
      () => [
        ...["--store", etcd.url("/kaji"), ...(options.flags ?? [])],
        ...(token ? ["--server-token", token] : []),
      ],
      options.command,
    );
  });
  const fleet: ServerFleet = {
    etcd,
    servers,
    async startNode(name, server = servers[0]) {
      if (!server) throw new Error("a fleet without servers has no nodes");
      const node = await startNode(name, server, join(root, name));
      nodes.push(node);
      return node;
    },
    async close() {
      await Promise.all(nodes.map((node) => node.stop()));
      await Promise.all(servers.map((server) => server.kill()));
      await etcd.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  try {
    const [first, ...others] = servers;
    await first?.start();
    token = first && readFileSync(join(first.locations.lib, "server-token"), "utf8").trim();
    await Promise.all(others.map((server) => server.start()));
    return fleet;
  } catch (error) {
    await fleet.close();
    throw error;
  }
}

function testServer(
  settings: { name: string; root: string; apiPort: number; gatewayPort: number },
  flags: () => readonly string[],
  command: readonly [string, ...string[]],
): TestServer {
  const rootDir = join(settings.root, settings.name);
  const locations = locationsFor(rootDir);
  const kubeconfig = join(locations.lib, "admin.kubeconfig");
  const logFile = join(settings.root, `${settings.name}.log`);
  let child: ChildProcess | undefined;
  let closeClient: () => Promise<void> = async () => undefined;
  let client: Client | undefined;
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
    await closeClient();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    if (signal === "SIGKILL") child.kill("SIGCONT");
    await exited;
  };
  return {
    ...{ name: settings.name, locations, kubeconfig, logFile },
    url: `https://127.0.0.1:${settings.apiPort}`,
    gateway: `127.0.0.1:${settings.gatewayPort}`,
    get client() {
      if (!client) throw new Error(`${settings.name} has not been started`);
      return client;
    },
    async start() {
      const ports = [
        ...["--api-port", String(settings.apiPort)],
        ...["--gateway-port", String(settings.gatewayPort)],
      ];
      const args = ["server", "--root-dir", rootDir, ...ports, ...flags()];
      const log = openSync(logFile, "a");
      child = spawn(command[0], [...command.slice(1), ...args], { stdio: ["ignore", log, log] });
      closeSync(log);
      const started = await untilServing(kubeconfig, child, logFile);
      ({ client, close: closeClient } = started);
    },
    signal: (signal) => void child?.kill(signal),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

async function untilServing(
  kubeconfig: string,
  child: ChildProcess,
  logFile: string,
): Promise<{ client: Client; close: () => Promise<void> }> {
  const lastWords = (): string => readFileSync(logFile, "utf8").slice(-2_000);
  return eventually(
    `the server of ${kubeconfig} serves`,
    async () => {
      if (child.exitCode !== null) throw new Error(lastWords());
      if (!existsSync(kubeconfig)) return false;
      const { rest } = await loadKubeconfig(kubeconfig);
      const transport = restTransport({ ...rest, userAgent: "test" });
      const client = createClient(transport);
      try {
        await client.raw("GET", "/readyz");
        return { client, close: () => transport.close() };
      } catch {
        await transport.close();
        return false; // not listening yet: asked again
      }
    },
    READY_TIMEOUT_MS,
  ).catch((cause: unknown) => {
    throw new Error(`the server does not serve; it said:\n${lastWords()}`, { cause });
  });
}

async function startNode(name: string, server: TestServer, rootDir: string): Promise<TestNode> {
  const { createJoinToken } = await import("#cli/join-token");
  const joinToken = await createJoinToken(server.client, {
    ttlSeconds: 600,
    description: "of a test",
  });
  const locations = locationsFor(rootDir);
  await mkdir(locations.lib, { recursive: true });
  const program = () => ({
    exec: (command: readonly string[]) => ({
      exitCode: 0,
      output: `${name}: ${command.join(" ")}`,
    }),
  });
  const runtime = createMemoryRuntime({ now: Date.now, program });
  runtime.images.add(FLEET_IMAGE);
  const common = {
    ...{ locations, nodeName: name, nodeIp: "127.0.0.1", log: silentLog, runtime },
    network: createMemoryNetwork(),
  };
  const trust = { caPem: readFileSync(join(server.locations.lib, "pki/ca.crt"), "utf8") };
  let agent = await startAgent({ ...common, serverUrl: server.url, trust, joinToken });
  return {
    name,
    runtime,
    locations,
    async restart() {
      await agent.stop();
      agent = await startAgent(common);
    },
    async stop() {
      await agent.stop();
      await removeMemoryRoot(podDirectoriesOf(locations).memory);
    },
  };
}
