import { join } from "node:path";
import { eventually } from "#test/support/host";
import type { LabHost, LabProcess } from "#test/support/hosts";

/** A real etcd with one member on each of some hosts. It goes with its hosts: `start` brings a member back. */
export interface HostsEtcd {
  /** For `kaji server --store`. */
  readonly url: string;
  /** Resolves when the member serves. */
  start(host: LabHost): Promise<LabProcess>;
}

const CLIENT_PORT = 2_379;
const PEER_PORT = 2_380;
const START_TIMEOUT_MS = 30_000;

export async function startHostsEtcd(hosts: readonly LabHost[]): Promise<HostsEtcd> {
  const cluster = hosts.map(({ name, ip }) => `${name}=http://${ip}:${PEER_PORT}`).join(",");
  const launch = (host: LabHost): LabProcess => {
    const client = `http://${host.ip}:${CLIENT_PORT}`;
    const peer = `http://${host.ip}:${PEER_PORT}`;
    return host.spawn([
      ...["etcd", "--name", host.name, "--data-dir", join(host.rootDir, "etcd")],
      ...["--log-level", "error", "--max-txn-ops", "1024"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", cluster],
    ]);
  };
  const untilServing = (host: LabHost): Promise<boolean> =>
    eventually(
      `etcd on ${host.name} serves`,
      async () => {
        const ask = `printf 'GET /health HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 ${host.ip} ${CLIENT_PORT}`;
        const { stdout } = await host.run(["sh", "-c", ask]);
        return stdout.includes('"health":"true"');
      },
      START_TIMEOUT_MS,
    );
  hosts.forEach(launch);
  await Promise.all(hosts.map(untilServing));
  return {
    url: `etcd://${hosts.map(({ ip }) => `${ip}:${CLIENT_PORT}`).join(",")}/kaji`,
    async start(host) {
      const member = launch(host);
      await untilServing(host);
      return member;
    },
  };
}
