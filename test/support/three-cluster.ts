import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { leaseKind } from "#api/kinds/lease";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { failoverTransport } from "#client/failover";
import { loadKubeconfig } from "#client/kubeconfig";
import { createInformers, type Informers } from "#client/shared-informers";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { eventually } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts } from "#test/support/hosts";
import { type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";
import { type HostsEtcd, startHostsEtcd } from "#test/support/hosts-etcd";
import { openPortals } from "#test/support/three-portals";
import { patiently } from "#test/support/three-witness";

/**
 * A cluster as it would be run for real: three hosts, and on each a member of etcd, a server and an agent; nginx on
 * the first. A fourth machine is its users'; the test speaks through it.
 */
export interface ThreeCluster {
  readonly lab: HostsLab;
  readonly hosts: readonly LabHost[];
  readonly etcd: HostsEtcd;
  readonly cluster: HostsCluster;
  /** Asks the server that answered last, until it does not. */
  readonly client: Client;
  readonly informers: Informers;
  /** Of nginx, for users. */
  readonly webUrl: string;
  /** A folder that pods of every host can have. */
  readonly shared: string;
  /** Which takes how long to start, in words. */
  readonly startTimes: readonly string[];
  /** Whose server has the lease. */
  holderOf(lease: string): Promise<LabHost>;
  /** All that ran there before a power failure. */
  bringBack(host: LabHost): Promise<void>;
  close(): Promise<void>;
}

const NAMES = ["one", "two", "three"];
const API_PORT = 6_443;
/** Lost after this silence: longer than a busy machine lets an agent wait for its turn. */
const GRACE = ["--node-monitor-grace-period", "15s"];

export async function startThree(): Promise<ThreeCluster> {
  const startTimes: string[] = [];
  const timed = async <T>(what: string, task: Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await task;
    startTimes.push(`${what} ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    return result;
  };
  const lab = await openHosts();
  const hosts: LabHost[] = [];
  for (const name of NAMES) hosts.push(await lab.startHost(name));
  const [first, ...others] = hosts as [LabHost, ...LabHost[]];
  const user = await lab.startHost("user");
  const shared = sharedFolder(lab);
  const etcd = await timed("etcd", startHostsEtcd(hosts));
  const flags = ["--store", etcd.url, ...GRACE];
  const cluster = await timed("the first server", startHostsCluster(lab, first, ...flags));
  await timed("two more servers", Promise.all(others.map((host) => cluster.startServer(host))));
  await timed("three nodes", startNodes(cluster, hosts));
  first.spawnKaji("ingress", "--ingress-address", first.ip, "--http-port", "80");
  const origins = hosts.map(({ ip }) => `${ip}:${API_PORT}`);
  const web = `${first.ip}:80`;
  const portals = await openPortals(lab, user, [...origins, web]);
  const { rest } = await loadKubeconfig(join(first.locations.lib, "admin.kubeconfig"));
  const transport = failoverTransport({
    ...rest,
    servers: origins.map((origin) => portals.origin("https", origin)),
    requestTimeoutMs: 10_000,
    // So that what is measured is the cluster, not the patience of who looks at it.
    liveness: { pingEveryMs: 500, pingTimeoutMs: 5_000, connectTimeoutMs: 5_000 },
  });
  const client = createClient(transport);
  const ending = new AbortController();
  const { signal } = ending;
  const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
  return {
    ...{ lab, hosts, etcd, cluster, client, informers, shared, startTimes },
    webUrl: portals.origin("http", web),
    holderOf: (lease) =>
      eventually(`${lease} has a holder`, async () => {
        const { spec } = await patiently(() => client.get(leaseKind, lease, "kube-system"));
        const { holderIdentity: id } = spec;
        return id
          ? hosts.find(({ logFile }) => readFileSync(logFile, "utf8").includes(id))
          : undefined;
      }),
    async bringBack(host) {
      await host.reconnect();
      await host.boot();
      await etcd.start(host);
      await cluster.startServer(host);
      await cluster.startAgent(host);
      await cluster.untilReady(host);
    },
    async close() {
      ending.abort();
      await informers.stopped();
      await transport.close();
      await portals.close();
      await lab.close();
    },
  };
}

async function startNodes(cluster: HostsCluster, hosts: readonly LabHost[]): Promise<void> {
  for (const host of hosts) await cluster.startAgent(host);
  await cluster.untilReady(...hosts);
}

/** With the web server in it: see three-web.c. */
function sharedFolder(lab: HostsLab): string {
  const shared = join(lab.root, "shared");
  mkdirSync(shared);
  const source = join(packageRoot(), "test/support/three-web.c");
  execFileSync("gcc", ["-O1", "-static", "-o", join(shared, "three-web"), source]);
  return shared;
}

/** Who spoke in the name of each pod of a StatefulSet, one entry for each time that another one began to. */
export function identityTurns(shared: string): Map<string, string[]> {
  const files = readdirSync(shared).filter((name) => name.startsWith("identity-"));
  return new Map(
    files.map((name) => {
      const lines = readFileSync(join(shared, name), "utf8").trim().split("\n");
      const turns = lines.filter((uid, index) => uid !== lines[index - 1]);
      return [name.slice("identity-".length), turns];
    }),
  );
}

/** Numbers of the requests that any pod of the web server but these had in hand. */
export function journalsBut(shared: string, pods: readonly string[]): Set<number> {
  const not = new Set(pods.map((name) => `journal-${name}`));
  const names = readdirSync(shared).filter((name) => name.startsWith("journal-") && !not.has(name));
  const lines = names.flatMap((name) => readFileSync(join(shared, name), "utf8").split("\n"));
  return new Set(lines.filter(Boolean).map(Number));
}

/** Of the programs of a host that have this argument; what is shared counts in part. */
export function memoryMiB(host: LabHost, word: string): number {
  let kib = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const isThere = argv.some((argument) => argument.startsWith(host.rootDir));
      if (!isThere || !argv.includes(word) || argv[0] === "nsenter") continue;
      const [, pss = "0"] =
        /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
      kib += Number(pss);
    } catch (error) {
      // It ended while we looked.
      if (!["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return Math.round(kib / 1_024);
}
