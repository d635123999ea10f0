import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leaseKind } from "#api/kinds/lease";
import { createJoinToken } from "#cli/join-token";
import { type RunningServer, startServer } from "#control-plane/main";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import type { Agent } from "#node-agent/agent";
import { startAgent } from "#node-agent/main";
import type { NodeCredentials } from "#node-agent/node/credentials";
import { eventually, freePorts } from "#test/support/host";
import { createMemoryNetwork } from "#test/support/memory-network";
import { createMemoryRuntime } from "#test/support/memory-runtime";

/** Certificates that live for seconds: server and agent renew them while they run. */
const SERVER_LIFE_MS = 8_000;
/** Long enough for a restart of the server on a busy machine, right after a renewal. */
const NODE_LIFE_MS = 20_000;
const NODE = "node-1";
const needsRoot = process.getuid?.() === 0 ? undefined : "the agent mounts its volumes: root";

describe.runIf(needsRoot === undefined)("certificates of a cluster that runs", () => {
  let root: string;
  let server: RunningServer;
  let agent: Agent;
  let ports: number[];

  const start = (): Promise<RunningServer> =>
    startServer({
      locations: locationsFor(join(root, "server")),
      bindAddress: "127.0.0.1",
      apiPort: ports[0] ?? 0,
      gatewayPort: ports[1] ?? 0,
      podCidr: "10.232.0.0/16",
      serviceCidr: "10.82.0.0/16",
      clusterDomain: "cluster.local",
      nodeCertificateValidMs: NODE_LIFE_MS,
      serverCertificateValidMs: SERVER_LIFE_MS,
      log: silentLog,
    });

  const credentials = (): NodeCredentials => {
    const file = join(locationsFor(join(root, NODE)).lib, "agent/credentials.json");
    return JSON.parse(readFileSync(file, "utf8")) as NodeCredentials;
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "kaji-certificates-"));
    ports = await freePorts(2);
    server = await start();
    const lib = locationsFor(join(root, "server")).lib;
    agent = await startAgent({
      locations: locationsFor(join(root, NODE)),
      serverUrl: server.url,
      trust: { caPem: await readFile(join(lib, "pki/ca.crt"), "utf8") },
      joinToken: await createJoinToken(server.client, { ttlSeconds: 60, description: "of a test" }),
      nodeName: NODE,
      nodeIp: "127.0.0.1",
      log: silentLog,
      runtime: createMemoryRuntime({ now: Date.now }),
      network: createMemoryNetwork(),
    });
  });

  afterAll(async () => {
    await agent?.stop();
    await server?.stop();
    const { podDirectoriesOf } = await import("#node-agent/agent");
    const { removeMemoryRoot } = await import("#node-agent/volumes/memory-root");
    if (root) {
      await removeMemoryRoot(podDirectoriesOf(locationsFor(join(root, NODE))).memory);
      await rm(root, { recursive: true, force: true });
    }
  });

  test("a node's is renewed before it ends, with a new key, and is good after a restart of the server", async () => {
    const first = credentials();
    await eventually("it is another", () => credentials().keyPem !== first.keyPem, 60_000);
    const second = credentials();
    const certificate = new X509Certificate(second.certificatePem);
    expect(certificate.subject).toContain(`CN=system:node:${NODE}`);
    expect(certificate.verify(new X509Certificate(second.caPem).publicKey)).toBe(true);
    const firstEndMs = Date.parse(new X509Certificate(first.certificatePem).validTo);
    await eventually("the first has ended", () => Date.now() > firstEndMs, 60_000);
    const last = credentials();
    await eventually("it is renewed again", () => credentials().keyPem !== last.keyPem, 60_000);
    await server.stop();
    server = await start();
    const restartedAtMs = Date.now();
    await eventually(
      "the node is heard again",
      async () => {
        const lease = await server.client.get(leaseKind, NODE, "kube-node-lease");
        return Date.parse(lease.spec.renewTime ?? "") > restartedAtMs;
      },
      60_000,
    );
  });

  test("a server's is renewed while it runs, at both of its ports and in the kubeconfig", async () => {
    const kubeconfig = await readFile(server.kubeconfigPath, "utf8");
    const before = await Promise.all(ports.map(servedCertificate));
    expect(before[0]).toBe(before[1]);
    await eventually(
      "both ports show another",
      async () => {
        const now = await Promise.all(ports.map(servedCertificate));
        return now.every((serial) => serial !== before[0]);
      },
      60_000,
    );
    await eventually(
      "the kubeconfig has another",
      async () => (await readFile(server.kubeconfigPath, "utf8")) !== kubeconfig,
    );
  });
});

test.runIf(needsRoot !== undefined)("certificates cannot be tested here", (context) => {
  console.warn(`SKIPPED: ${needsRoot}`);
  context.skip(needsRoot);
});

/** Its serial number. */
function servedCertificate(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
