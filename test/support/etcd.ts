import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { Endpoint } from "#control-plane/store/etcd/endpoint";
import { etcdMethods } from "#proto/etcd";
import { testAuthority } from "#test/support/certificates";
import { findProgram, freePorts } from "#test/support/host";

/** Real etcd for tests: one member or more on loopback, stopped by process, nothing left behind. */
export interface TestEtcd {
  readonly members: readonly EtcdMember[];
  /** For openStore; the prefix begins with a slash. */
  url(prefix?: string): string;
  /** Resolves when a member says that it leads; another than `not`. */
  leader(not?: EtcdMember): Promise<EtcdMember>;
  stop(): Promise<void>;
}

export interface EtcdMember {
  readonly name: string;
  readonly endpoint: string;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** kill -9 */
  kill(): Promise<void>;
  /** With the data it had. */
  start(): void;
}

export interface EtcdOptions {
  readonly members?: number;
  readonly tls?: boolean;
  /** Only where no member is killed: a write then does not wait for the disk. */
  readonly isDurable?: boolean;
}

const LEADER_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/** Why tests with etcd cannot run here; undefined when they can. */
export function whyNoEtcd(): string | undefined {
  return findProgram("etcd") ? undefined : "etcd is not installed (Debian: etcd-server)";
}

export async function startEtcd(options: EtcdOptions = {}): Promise<TestEtcd> {
  const directory = await mkdtemp(join(tmpdir(), "kaji-etcd-"));
  const tls = options.tls ? await writeCertificates(directory) : undefined;
  const names = Array.from({ length: options.members ?? 1 }, (_, i) => `m${i + 1}`);
  const ports = await freePorts(names.length * 2);
  const plans = names.map((name, i) => ({
    name,
    endpoint: `127.0.0.1:${ports[2 * i]}`,
    peer: `http://127.0.0.1:${ports[2 * i + 1]}`,
  }));
  const cluster = plans.map(({ name, peer }) => `${name}=${peer}`).join(",");
  const members = plans.map(({ name, endpoint, peer }) => {
    const client = `${tls ? "https" : "http"}://${endpoint}`;
    return startMember(name, endpoint, [
      ...["--name", name, "--data-dir", join(directory, name), "--log-level", "error"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", cluster, "--initial-cluster-token", directory],
      ...["--max-txn-ops", "1024", ...(tls?.serverFlags ?? [])],
      // One member elects itself, and leases of a second exist.
      ...(names.length === 1 ? ["--heartbeat-interval", "20", "--election-timeout", "200"] : []),
      ...(options.isDurable === false ? ["--unsafe-no-fsync"] : []),
    ]);
  });
  const channel = await tls?.credentials();
  const leader = (not?: EtcdMember): Promise<EtcdMember> => findLeader(members, channel, not);
  const etcd: TestEtcd = {
    members,
    url: (prefix = "") =>
      `etcd://${plans.map(({ endpoint }) => endpoint).join(",")}${prefix}${tls?.query ?? ""}`,
    leader,
    async stop() {
      await Promise.all(members.map((member) => member.kill()));
      await rm(directory, { recursive: true, force: true });
    },
  };
  try {
    await leader();
    return etcd;
  } catch (error) {
    await etcd.stop();
    throw error;
  }
}

function startMember(name: string, endpoint: string, flags: readonly string[]): EtcdMember {
  const launch = (): ChildProcess => spawn("etcd", flags, { stdio: ["ignore", "ignore", "pipe"] });
  let child = launch();
  child.stderr?.resume();
  return {
    name,
    endpoint,
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
    start() {
      child = launch();
      child.stderr?.resume();
    },
  };
}

async function findLeader(
  members: readonly EtcdMember[],
  channel: Parameters<typeof isLeader>[1],
  not: EtcdMember | undefined,
): Promise<EtcdMember> {
  const deadline = Date.now() + LEADER_TIMEOUT_MS;
  for (;;) {
    for (const member of members) {
      if (member !== not && (await isLeader(member, channel))) return member;
    }
    if (Date.now() > deadline) throw new Error("no member of the test's etcd leads");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function isLeader(
  { endpoint }: EtcdMember,
  channel = credentials.createInsecure(),
): Promise<boolean> {
  const one = new Endpoint(endpoint, channel);
  try {
    const { leader, header } = await one.unary(etcdMethods.status, {}, 1_000);
    return leader !== 0 && leader === header?.memberId;
  } catch {
    return false; // not up yet, or stopped: asked again
  } finally {
    one.close();
  }
}

async function writeCertificates(directory: string) {
  const authority = await testAuthority();
  const client = await authority.clientFor("CN=kaji");
  const file = async (name: string, pem: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, pem);
    return path;
  };
  const ca = await file("ca.crt", authority.ca);
  const cert = await file("client.crt", client.cert);
  const key = await file("client.key", client.key);
  const server = {
    cert: await file("server.crt", authority.server.cert),
    key: await file("server.key", authority.server.key),
  };
  return {
    query: `?ca=${ca}&cert=${cert}&key=${key}`,
    serverFlags: [
      ...["--cert-file", server.cert, "--key-file", server.key],
      ...["--client-cert-auth", "--trusted-ca-file", ca],
    ],
    credentials: async () =>
      credentials.createSsl(await readFile(ca), await readFile(key), await readFile(cert)),
  };
}
