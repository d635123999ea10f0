import { readFileSync } from "node:fs";
import { join } from "node:path";
import { leaseKind } from "#api/kinds/lease";
import { podKind } from "#api/kinds/pod";
import type { Client } from "#client/client";
import { signNodeCsr } from "#control-plane/pki/pki";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { systemRng } from "#kit/rng";
import { makeNodeKeys } from "#node-agent/node/node-keys";
import { Gateways } from "#node-agent/session/gateways";
import { createNodeSession } from "#node-agent/session/session";
import type { NodeSession } from "#node-agent/session/types";
import { row, summarize } from "#test/bench/statistics";
import { builtCli } from "#test/e2e/cli-fixture";
import { eventually } from "#test/support/host";
import { type ServerFleet, startServers, type TestServer } from "#test/support/servers";

/**
 * Three servers on three members of etcd: start to ready, how long nothing is scheduled when the leading server is
 * killed, and how long its nodes are away. Nodes are sessions without containers. Needs root and etcd.
 */
const NODES = Number(process.env.KAJI_BENCH_NODES ?? 200);
const KILLS = Number(process.env.KAJI_BENCH_KILLS ?? 3);
const TIMEOUT_MS = 60_000;

interface SessionSeen {
  readonly session: NodeSession;
  readonly gateways: Gateways;
  welcomedAtMs: number;
}

const cli = builtCli();
const flags = ["--pod-cidr", "10.224.0.0/12", "--service-cidr", "10.80.0.0/16"];
const fleet = await startServers({ command: cli.command, flags });
const sessions: SessionSeen[] = [];
try {
  await measureStart(fleet);
  for (let index = 0; index < NODES; index++) sessions.push(await openSession(fleet, index));
  await eventually("all nodes are connected", allConnected, TIMEOUT_MS);
  const gaps: number[] = [];
  const moves: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) await measureKill(kill, gaps, moves);
  row(`nothing scheduled after the leader was killed, ${KILLS} times`, seconds(gaps));
  row(`a node of the killed server away, ${moves.length} moves`, seconds(moves));
} finally {
  await Promise.all(sessions.map(({ session }) => session.close()));
  await fleet.close();
  cli.remove();
}

/** From the start of the process to the first answer, in a cluster that is there. */
async function measureStart({ servers }: ServerFleet): Promise<void> {
  const [one] = servers;
  if (!one) return;
  const times: number[] = [];
  for (let round = 0; round < KILLS; round++) {
    await one.stop();
    const beganMs = performance.now();
    await one.start();
    times.push(performance.now() - beganMs);
  }
  row("start to ready on etcd", seconds(times));
}

async function measureKill(kill: number, gaps: number[], moves: number[]): Promise<void> {
  const killed = await leadingServer();
  const [survivor] = fleet.servers.filter((one) => one !== killed);
  if (!survivor) throw new Error("a fleet of one has no survivor");
  const away = sessions.filter(({ gateways }) => gateways.current === killed.gateway);
  const killedAtMs = performance.now();
  await killed.kill();
  const [gap] = await Promise.all([
    untilScheduled(survivor.client, `after-kill-${kill}`, killedAtMs),
    eventually(
      "all nodes are connected again",
      () => allConnected() && away.every(({ welcomedAtMs }) => welcomedAtMs > killedAtMs),
      TIMEOUT_MS,
    ),
  ]);
  gaps.push(gap);
  moves.push(...away.map(({ welcomedAtMs }) => welcomedAtMs - killedAtMs));
  await killed.start();
}

async function untilScheduled(client: Client, name: string, sinceMs: number): Promise<number> {
  await client.create(podKind, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "main", image: "web:1" }] },
  });
  await eventually(
    "a pod is scheduled",
    async () => {
      const pod = await client.get(podKind, name, "default");
      const said = pod.status?.conditions?.some(({ type }) => type === "PodScheduled");
      return pod.spec.nodeName !== undefined || said;
    },
    TIMEOUT_MS,
  );
  return performance.now() - sinceMs;
}

async function leadingServer(): Promise<TestServer> {
  return eventually("the scheduler has a leader", async () => {
    const [{ client } = { client: undefined }] = fleet.servers;
    const lease = await client?.get(leaseKind, "kube-scheduler", "kube-system");
    const identity = lease?.spec.holderIdentity;
    if (!identity) return undefined;
    return fleet.servers.find(({ logFile }) => readFileSync(logFile, "utf8").includes(identity));
  });
}

async function openSession({ servers }: ServerFleet, index: number): Promise<SessionSeen> {
  const nodeName = `bench-${index}`;
  const lib = servers[0]?.locations.lib ?? "";
  const read = (name: string): string => readFileSync(join(lib, "pki", name), "utf8");
  const authority = { keyPem: read("ca.key"), certificatePem: read("ca.crt") };
  const { keyPem, csrPem } = await makeNodeKeys(nodeName);
  const cert = await signNodeCsr(authority, nodeName, csrPem, Date.now());
  const gateways = new Gateways({
    configured: servers.map(({ gateway }) => gateway),
    rng: systemRng,
  });
  const ready = { type: "Ready", status: "True", reason: "KubeletReady", message: "" };
  const resources = { cpu: "4", memory: "8Gi", pods: "110" };
  const status = { conditions: [ready], capacity: resources, allocatable: resources };
  const metadata = { name: nodeName };
  const node = { apiVersion: "v1", kind: "Node", metadata, spec: {}, status };
  const seen: SessionSeen = {
    gateways,
    welcomedAtMs: 0,
    session: createNodeSession({
      gateways,
      tls: () => ({ ca: authority.certificatePem, cert, key: keyPem }),
      hello: () => ({ nodeName, agentVersion: "bench", bootId: "1", node }),
      clock: systemClock,
      rng: systemRng,
      log: silentLog,
      callbacks: {
        onWelcome: () => {
          seen.welcomedAtMs = performance.now();
        },
        onDesired: () => undefined,
        onServices: () => undefined,
        onPolicies: () => undefined,
        onPeers: () => undefined,
        onCertificate: () => undefined,
        onOpenStream: () => Promise.reject(new Error("a node of the benchmark has no streams")),
      },
    }),
  };
  return seen;
}

function allConnected(): boolean {
  return sessions.every(({ session }) => session.isConnected());
}

function seconds(times: readonly number[]): string {
  const { p50, p99 } = summarize(times);
  return `p50 ${(p50 / 1000).toFixed(2)} s, p99 ${(p99 / 1000).toFixed(2)} s`;
}
