import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { leaseKind } from "#api/kinds/lease";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type {
  NodeStreams,
  StreamChunk,
  StreamRequest,
} from "#control-plane/apiserver/node-streams";
import { PeerConnections } from "#control-plane/nodes/peer-connections";
import { PeerQuestions } from "#control-plane/nodes/peer-questions";
import { PeerRelay } from "#control-plane/nodes/peer-relay";
import { serverNamed } from "#control-plane/servers/directory";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { refusalOf } from "#test/contract/api-fixture";
import {
  boundPod,
  type GatewayBench,
  startGatewayBench,
  type TestAgent,
} from "#test/contract/node-protocol-fixture";
import { eventually } from "#test/support/host";

let bench: GatewayBench;

beforeEach(async () => {
  bench = await startGatewayBench();
});

afterEach(() => bench.close());

async function connected(nodeName: string): Promise<TestAgent> {
  const agent = await bench.connect(nodeName);
  await eventually("the agent gets its full state", () => agent.services.length > 0);
  return agent;
}

describe.each([
  ["of a node that is connected here", false],
  ["of a node that is connected to another server", true],
])("streams %s", (_, isRelayed) => {
  let nodeStreams: NodeStreams;
  beforeEach(async () => {
    const { gateway } = bench;
    nodeStreams = isRelayed ? (await bench.startOther()).nodeStreams : gateway.nodeStreams;
  });

  /** Where it is connected must be written down before another server can find it. */
  async function reachable(agent: TestAgent, nodeName: string): Promise<void> {
    await eventually("the agent is connected", () => agent.session.isConnected());
    if (!isRelayed) return;
    await eventually("its lease says where", async () => {
      const lease = await bench.api.client
        .get(leaseKind, nodeName, "kube-node-lease")
        .catch(() => undefined);
      return lease?.metadata.annotations?.["kaji.dev/gateway"] !== undefined;
    });
  }

  const target = { namespace: "default", pod: "web", uid: "u1", container: "main" };
  const exec: StreamRequest = {
    ...target,
    type: "exec",
    command: ["cat"],
    stdin: true,
    stdout: true,
    stderr: true,
    tty: false,
  };
  const success = { kind: "Status", status: "Success" };

  async function collect(
    chunks: AsyncIterable<StreamChunk>,
  ): Promise<{ bytes: number; last?: StreamChunk }> {
    let bytes = 0;
    let last: StreamChunk | undefined;
    for await (const chunk of chunks) {
      if (chunk.type === "data") bytes += chunk.bytes.length;
      last = chunk;
    }
    return last ? { bytes, last } : { bytes };
  }

  test("bytes go both ways, whole, and the status comes last", async () => {
    const agent = await bench.connect("n1", {
      async onOpenStream(request, stream) {
        expect(request).toMatchObject({ type: "exec", command: ["cat"], container: "main" });
        for await (const chunk of stream.chunks) {
          if (chunk.type === "end") break;
          if (chunk.type === "data") await stream.send({ ...chunk, channel: 1 });
        }
        await stream.send({ type: "status", status: success });
      },
    });
    await reachable(agent, "n1");
    const stream = await nodeStreams.open("n1", exec);
    const reading = collect(stream.chunks);
    const block = Buffer.alloc(100_000, "x");
    for (let sent = 0; sent < 50; sent++)
      await stream.send({ type: "data", channel: 0, bytes: block });
    await stream.send({ type: "end", channel: 0 });
    expect(await reading).toEqual({ bytes: 5_000_000, last: { type: "status", status: success } });
  });

  test("a request that the agent refuses fails with the agent's words", async () => {
    const agent = await bench.connect("n1", {
      onOpenStream: () => Promise.reject(new Error('container "main" is not running')),
    });
    await reachable(agent, "n1");
    const error = await refusalOf(nodeStreams.open("n1", exec));
    expect(error.message).toBe('container "main" is not running');
    expect(error.code).toBe(400);
  });

  test("a node that is not connected is unavailable", async () => {
    const error = await refusalOf(nodeStreams.open("n9", exec));
    expect(error).toBeInstanceOf(StatusError);
    expect(error.code).toBe(503);
  });

  test("an agent whose user has gone is told by its signal", async () => {
    let hasStopped = false;
    const agent = await bench.connect("n1", {
      async onOpenStream(_request, stream) {
        await stream.send({ type: "data", channel: 1, bytes: Buffer.from("x") });
        await new Promise((resolve) => stream.signal.addEventListener("abort", resolve));
        hasStopped = true;
      },
    });
    await reachable(agent, "n1");
    const stream = await nodeStreams.open("n1", exec);
    stream.cancel();
    await eventually("the agent stops", () => hasStopped);
  });

  test("whoever asks for metrics makes the agents send them", async () => {
    const agent = await connected("n1");
    await bench.api.client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.pods.size === 1);
    if (isRelayed) await reachable(agent, "n1");
    await nodeStreams.refreshMetrics?.();
    expect(nodeStreams.nodeMetrics()).toEqual([]);
    await eventually("the agent is asked", () => agent.statsWanted.length > 0);
    const own = { metadata: { name: "web", namespace: "default" } };
    const foreign = { metadata: { name: "other", namespace: "default" } };
    agent.session.stats({ metadata: { name: "n1" } }, [own, foreign, null]);
    await eventually("they are there", async () => {
      await nodeStreams.refreshMetrics?.();
      return nodeStreams.nodeMetrics().length === 1;
    });
    expect(nodeStreams.podMetrics()).toMatchObject([own]);
  });

  test("for a single measurement the agents report once", async () => {
    const agent = await connected("n1");
    if (isRelayed) await reachable(agent, "n1");
    const measuring = nodeStreams.measureOnce?.();
    await eventually("the agent is asked", () => agent.statsWanted.length > 0);
    agent.session.stats({ metadata: { name: "n1" } }, []);
    expect((await measuring)?.nodes).toMatchObject([{ metadata: { name: "n1" } }]);
    expect(agent.statsWanted).toEqual([0]);
  });
});

describe("servers between themselves", () => {
  test("have a node measure once for all of them, when they ask about the same time", async () => {
    const agent = await connected("n1");
    const other = await bench.startOther();
    await eventually("the agent knows both", () => agent.gateways.size === 2);
    const measuring = [bench.gateway, other].map(async ({ nodeStreams }) =>
      nodeStreams.measureOnce?.(),
    );
    await eventually("the agent is asked", () => agent.statsWanted.length > 0);
    agent.session.stats({ metadata: { name: "n1" } }, []);
    const node = { metadata: { name: "n1" } };
    expect(await Promise.all(measuring)).toMatchObject([{ nodes: [node] }, { nodes: [node] }]);
    expect(agent.statsWanted).toEqual([0]);
  });

  test("tell each other what they alone know, and why they do not", async () => {
    const other = await bench.startOther();
    const server = `127.0.0.1:${bench.gateway.port}`;
    expect(other.peers.isAlone()).toBe(false);
    expect(await other.peers.ask("/history?of=nodes")).toEqual([
      { server, said: { answerTo: "/history?of=nodes" } },
    ]);
    expect(await other.peers.ask("/nonsense")).toEqual([
      { server, error: "nothing is known of /nonsense" },
    ]);
    expect(await other.peers.ask("/history?of=nodes", new Set([server]))).toEqual([]);
  });

  test("let no node relay a stream, or see what servers tell each other", async () => {
    const other = await bench.startOther();
    const { cert, key } = await bench.pki.issue("CN=system:node:n1, O=system:nodes");
    const tls = { ca: bench.pki.ca, cert, key };
    const address = `127.0.0.1:${bench.gateway.port}`;
    const holder = serverNamed("127.0.0.1:1", address);
    const self = serverNamed("127.0.0.1:2", "127.0.0.1:2");
    const connections = new PeerConnections({
      servers: { self, list: () => [self, holder], onChange: () => undefined },
      tls: () => tls,
    });
    const { client } = bench.api;
    const relay = new PeerRelay({ client, connections, clock: systemClock, log: silentLog });
    const agent = await bench.connect("n1");
    await eventually("the agent is connected", () => agent.session.isConnected());
    await eventually("its lease says where", async () => {
      const refusal = await refusalOf(
        relay.open("n1", { request: "portForward", portForward: {} }),
      );
      return refusal.code === 401;
    });
    await relay.refreshMetrics();
    expect(relay.nodeMetrics()).toEqual([]);
    const [refused] = await new PeerQuestions(connections).ask("/history?of=nodes");
    expect(refused).toEqual({ server: address, error: "the client certificate is not a server's" });
    connections.close();
    expect(other.isConnected("n1")).toBe(false);
  });

  test("tell every node where they are", async () => {
    const agent = await connected("n1");
    const other = await bench.startOther();
    await eventually("the agent knows both", () => agent.gateways.size === 2);
    expect(other.port).not.toBe(bench.gateway.port);
  });
});
