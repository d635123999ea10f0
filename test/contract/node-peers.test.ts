import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeKind } from "#api/kinds/node";
import {
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

/** What the agent knows of its peers in the end. */
function untilPeers(agent: TestAgent, ...names: string[]): Promise<string[][]> {
  return eventually(`the agent knows of ${names.join(", ")}`, () => {
    const peers = [...(agent.peers.at(-1)?.values() ?? [])];
    const isSo =
      peers
        .map(({ nodeName }) => nodeName)
        .toSorted()
        .join() === names.join();
    return (
      isSo && peers.map(({ nodeName, internalIp, podCidr }) => [nodeName, internalIp, podCidr])
    );
  });
}

describe("what nodes are told of each other", () => {
  test("every node learns where the others' pods are, in whatever order they come", async () => {
    const first = await bench.connect("n1");
    await untilPeers(first, "n1");
    const second = await bench.connect("n2");
    for (const agent of [first, second]) {
      const peers = await untilPeers(agent, "n1", "n2");
      expect(peers.toSorted()).toEqual([
        ["n1", "192.0.2.1", first.welcomes[0]?.podCidr],
        ["n2", "192.0.2.2", second.welcomes[0]?.podCidr],
      ]);
    }
  });

  test("a node that is deleted is taken back, one that only disconnects is not", async () => {
    const first = await bench.connect("n1");
    const second = await bench.connect("n2");
    await untilPeers(first, "n1", "n2");
    await second.session.close();
    const third = await bench.connect("n3");
    await untilPeers(third, "n1", "n2", "n3");
    await bench.api.client.delete(nodeKind, { name: "n2" });
    await untilPeers(first, "n1", "n3");
    await untilPeers(third, "n1", "n3");
  });

  test("a node that has moved is told anew, and a status that says nothing new is not passed on", async () => {
    const first = await bench.connect("n1");
    const second = await bench.connect("n2");
    await untilPeers(first, "n1", "n2");
    const seen = first.peers.length;
    const report = (address: string, reason: string): void =>
      second.session.reportNode({
        addresses: [{ type: "InternalIP", address }],
        conditions: [{ type: "Ready", status: "True", reason, message: "" }],
      });
    report("192.0.2.2", "StillHere");
    await eventually("the report is stored", async () => {
      const node = await bench.api.client.get(nodeKind, "n2");
      return node.status?.conditions?.[0]?.reason === "StillHere";
    });
    report("192.0.2.22", "Moved");
    await eventually("the new address arrives", () => {
      return first.peers.at(-1)?.get("n2")?.internalIp === "192.0.2.22";
    });
    expect(first.peers).toHaveLength(seen + 1);
  });
});
