import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import { busyboxTar, type Finished } from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, lastWords, type LabHost, type LabProcess } from "#test/support/hosts";

/** A control plane on one host of a lab, and the agents that joined it. */
export interface HostsCluster {
  readonly server: LabHost;
  /** "https://192.0.2.1:6443" */
  readonly url: string;
  /** On the server's host, as administrator. */
  kubectl(...args: string[]): Promise<Finished>;
  /** The output of a kubectl that must succeed. */
  mustKubectl(...args: string[]): Promise<string>;
  apply(...objects: readonly object[]): Promise<void>;
  /** With what makes it the same agent when it is called again after a `kill9`. */
  startServer(): Promise<LabProcess>;
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

export async function startHostsCluster(
  lab: HostsLab,
  server: LabHost,
  ...serverFlags: string[]
): Promise<HostsCluster> {
  const url = `https://${server.ip}:6443`;
  const kubeconfig = join(server.locations.lib, "admin.kubeconfig");
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const kubectlProgram = findProgram("kubectl") ?? "kubectl";
  const kubectl = (...args: string[]): Promise<Finished> =>
    server.run([kubectlProgram, ...args], { env });
  const mustKubectl = (...args: string[]): Promise<string> =>
    server.must([kubectlProgram, ...args], { env });
  const cluster: HostsCluster = {
    server,
    url,
    kubectl,
    mustKubectl,
    async apply(...items) {
      const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
      await server.must([kubectlProgram, "apply", "-f", "-"], { env, input });
    },
    async startServer() {
      const ranges = ["--pod-cidr", POD_CIDR, "--service-cidr", SERVICE_CIDR];
      const running = server.spawnKaji(
        ...["server", "--bind-address", server.ip],
        ...[...ranges, ...serverFlags],
      );
      const isUp = async (): Promise<boolean> => {
        if (!running.isRunning()) throw new Error(`no API server: ${lastWords(server)}`);
        return existsSync(kubeconfig) && (await kubectl("get", "--raw", "/readyz")).code === 0;
      };
      await eventually(`the API server on ${server.name} is up`, isUp, START_TIMEOUT_MS);
      return running;
    },
    async startAgent(host, ...flags) {
      const tokenFile = join(lab.root, `${host.name}.token`);
      if (!existsSync(join(host.locations.lib, "agent/credentials.json"))) {
        const { code, stdout, stderr } = await server.kaji("token", "create");
        if (code !== 0) throw new Error(`no token: ${stderr}`);
        writeFileSync(tokenFile, stdout);
      }
      return host.spawnKaji(
        ...["agent", "--server", url, "--node-name", host.name, "--token-file", tokenFile],
        ...["--ca-file", join(server.locations.lib, "pki/ca.crt"), ...flags],
      );
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
  await cluster.startServer();
  return cluster;
}
