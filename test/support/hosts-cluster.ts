import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import { busyboxTar, type Finished } from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, lastWords, type LabHost, type LabProcess } from "#test/support/hosts";

/** A control plane on one host of a lab or more, and the agents that joined it. */
export interface HostsCluster {
  /** Whose server kubectl asks. */
  readonly server: LabHost;
  /** From now on kubectl asks the server of that host. */
  use(host: LabHost): void;
  kubectl(...args: string[]): Promise<Finished>;
  /** The output of a kubectl that must succeed. */
  mustKubectl(...args: string[]): Promise<string>;
  apply(...objects: readonly object[]): Promise<void>;
  /** Another server on a store that they share, or one again after a `kill9`. Resolves when it serves. */
  startServer(host: LabHost): Promise<LabProcess>;
  /** The server that was started last on a host. */
  serverOn(host: LabHost): LabProcess;
  /** The node is called as its host. Resolves when the agent runs, before the node is ready. */
  startAgent(host: LabHost, ...flags: string[]): Promise<LabProcess>;
  untilReady(...hosts: LabHost[]): Promise<void>;
  /** The image `BUSYBOX` on each of these. */
  importBusybox(...hosts: LabHost[]): Promise<void>;
  /** Resolves with the pod once it is Ready. */
  untilPodReady(name: string): Promise<Pod>;
}

export const BUSYBOX = "kaji.dev/busybox:latest";
export const POD_CIDR = "10.244.0.0/16";
export const SERVICE_CIDR = "10.96.0.0/16";
const START_TIMEOUT_MS = 60_000;

/** Starts the first server. */
export async function startHostsCluster(
  lab: HostsLab,
  first: LabHost,
  ...serverFlags: string[]
): Promise<HostsCluster> {
  let server = first;
  const servers = new Map<LabHost, LabProcess>();
  const program = findProgram("kubectl") ?? "kubectl";
  const kubectl = (...args: string[]): Promise<Finished> =>
    server.run([program, ...args], { env: adminOf(server) });
  const mustKubectl = (...args: string[]): Promise<string> =>
    server.must([program, ...args], { env: adminOf(server) });
  const cluster: HostsCluster = {
    get server() {
      return server;
    },
    use(host) {
      server = host;
    },
    kubectl,
    mustKubectl,
    async apply(...items) {
      const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
      await server.must([program, "apply", "-f", "-"], { env: adminOf(server), input });
    },
    async startServer(host) {
      const token = ["--server-token-file", join(first.locations.lib, "server-token")];
      const flags = host === first ? serverFlags : [...serverFlags, ...token];
      const running = await startServer(host, flags);
      servers.set(host, running);
      return running;
    },
    serverOn(host) {
      const running = servers.get(host);
      if (!running) throw new Error(`no server has been started on ${host.name}`);
      return running;
    },
    async startAgent(host, ...flags) {
      const joining = hasJoined(host) ? [] : await joinFlags(lab, server, host);
      return host.spawnKaji("agent", "--node-name", host.name, ...joining, ...flags);
    },
    async untilReady(...hosts) {
      const names = hosts.map(({ name }) => `node/${name}`);
      const isReady = async (): Promise<boolean> =>
        (await kubectl("wait", ...names, "--for=condition=Ready", "--timeout=5s")).code === 0;
      await eventually(`${names.join(", ")} are ready`, isReady, START_TIMEOUT_MS);
    },
    async importBusybox(...hosts) {
      const tar = await busyboxTar(lab.root);
      for (const host of hosts) {
        const { code, stderr } = await host.kaji("import", tar, BUSYBOX);
        if (code !== 0) throw new Error(`no image on ${host.name}: ${stderr}`);
      }
    },
    async untilPodReady(name) {
      await mustKubectl("wait", `pod/${name}`, "--for=condition=Ready", "--timeout=60s");
      return JSON.parse(await mustKubectl("get", "pod", name, "-o", "json")) as Pod;
    },
  };
  await cluster.startServer(first);
  return cluster;
}

async function startServer(host: LabHost, flags: readonly string[]): Promise<LabProcess> {
  const ranges = ["--pod-cidr", POD_CIDR, "--service-cidr", SERVICE_CIDR];
  const running = host.spawnKaji("server", "--bind-address", host.ip, ...ranges, ...flags);
  const program = findProgram("kubectl") ?? "kubectl";
  const isUp = async (): Promise<boolean> => {
    if (!running.isRunning()) throw new Error(`no API server: ${lastWords(host)}`);
    if (!existsSync(kubeconfigOf(host))) return false;
    const { code } = await host.run([program, "get", "--raw", "/readyz"], { env: adminOf(host) });
    return code === 0;
  };
  await eventually(`the API server on ${host.name} is up`, isUp, START_TIMEOUT_MS);
  return running;
}

async function joinFlags(lab: HostsLab, server: LabHost, host: LabHost): Promise<string[]> {
  const { code, stdout, stderr } = await server.kaji("token", "create");
  if (code !== 0) throw new Error(`no token for ${host.name}: ${stderr}`);
  const tokenFile = join(lab.root, `${host.name}.token`);
  writeFileSync(tokenFile, stdout);
  return [
    ...["--server", `https://${server.ip}:6443`, "--token-file", tokenFile],
    ...["--ca-file", join(server.locations.lib, "pki/ca.crt")],
  ];
}

function hasJoined({ locations }: LabHost): boolean {
  return existsSync(join(locations.lib, "agent/credentials.json"));
}

function kubeconfigOf({ locations }: LabHost): string {
  return join(locations.lib, "admin.kubeconfig");
}

function adminOf(host: LabHost): NodeJS.ProcessEnv {
  return { KUBECONFIG: kubeconfigOf(host) };
}
