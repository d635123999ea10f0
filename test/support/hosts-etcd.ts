import { join } from "node:path";
import { eventually } from "#test/support/host";
import type { LabHost, LabProcess } from "#test/support/hosts";

/** A real etcd with one member on each of some hosts. It goes with its hosts: `start` brings a member back. */
export interface HostsEtcd {
  /** For `kaji server --store`. */
  readonly url: string;
  /** Resolves when the member serves. */
  start(host: LabHost): Promise<LabProcess>;
  /** The member that was started last on a host. */
  member(host: LabHost): LabProcess;
  /** Resolves when a member says that it leads; another than that of `not`. */
  leader(not?: LabHost): Promise<LabHost>;
}

const CLIENT_PORT = 2_379;
const PEER_PORT = 2_380;
const START_TIMEOUT_MS = 60_000;

export async function startHostsEtcd(hosts: readonly LabHost[]): Promise<HostsEtcd> {
  const cluster = hosts.map(({ name, ip }) => `${name}=http://${ip}:${PEER_PORT}`).join(",");
  const members = new Map<LabHost, LabProcess>();
  const launch = (host: LabHost): LabProcess => {
    const client = `http://${host.ip}:${CLIENT_PORT}`;
    const peer = `http://${host.ip}:${PEER_PORT}`;
    const member = host.spawn([
      ...["etcd", "--name", host.name, "--data-dir", join(host.rootDir, "etcd")],
      ...["--log-level", "error", "--max-txn-ops", "1024"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", cluster],
    ]);
    members.set(host, member);
    return member;
  };
  const untilServing = (host: LabHost): Promise<boolean> =>
    eventually(
      `etcd on ${host.name} serves`,
      async () => {
        return (await ask(host, "GET /health HTTP/1.0\\r\\n\\r\\n")).includes('"health":"true"');
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
    member(host) {
      const member = members.get(host);
      if (!member) throw new Error(`${host.name} has no member of etcd`);
      return member;
    },
    leader: (not) =>
      eventually(
        "a member of etcd leads",
        async () => {
          const others = hosts.filter((host) => host !== not && host.isOn());
          const lead = await Promise.all(others.map(isLeader));
          return others.find((_, index) => lead[index]);
        },
        START_TIMEOUT_MS,
      ),
  };
}

const STATUS = "POST /v3/maintenance/status HTTP/1.0\\r\\nContent-Length: 2\\r\\n\\r\\n{}";

/** A member names itself and whom it follows. */
async function isLeader(host: LabHost): Promise<boolean> {
  const said = await ask(host, STATUS);
  const [, self] = /"member_id":"(\d+)"/.exec(said) ?? [];
  return self !== undefined && said.includes(`"leader":"${self}"`);
}

/** The whole answer of a member; empty when there is none. */
async function ask(host: LabHost, request: string): Promise<string> {
  const line = `printf '${request}' | busybox nc -w 2 ${host.ip} ${CLIENT_PORT}`;
  return (await host.run(["sh", "-c", line])).stdout;
}
